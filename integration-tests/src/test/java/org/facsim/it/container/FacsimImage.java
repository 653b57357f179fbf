/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.container;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.List;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;

/**
 * The image that the Dockerfile at the root makes, on a base made of what is installed, since no
 * registry is asked. Built once in a run of the tests.
 */
public final class FacsimImage {
  public static final String NAME = "facsim-it:latest";
  static final String BASE = "facsim-it-base:17-2";

  private static boolean isBuilt;

  private FacsimImage() {}

  /** Skips the test, by the name of what is missing, where there is no Docker. */
  public static synchronized void require() {
    assumeTrue(Processes.isInstalled("docker"), "docker is missing: apt-get install docker.io");
    Outcome info = Processes.run(List.of("docker", "info"));
    assumeTrue(info.exitCode() == 0, "no Docker daemon answers; DOCKER_HOST says where one is");
    for (String tool : List.of("nfs-ls", "nfs-cp", "nfs-cat")) {
      assumeTrue(Processes.isInstalled(tool), tool + " is missing: apt-get install libnfs-utils");
    }
    assumeTrue(
        Processes.isInstalled("busybox"), "busybox is missing: apt-get install busybox-static");
    if (!isBuilt) {
      buildAlone();
      isBuilt = true;
    }
  }

  /** Another JVM that runs tests builds the same image: the later one finds all layers there. */
  private static void buildAlone() {
    Path lock = Path.of("target", "docker.lock");
    try (FileChannel file = FileChannel.open(lock, CREATE, WRITE);
        FileLock held = file.lock()) {
      assertThat(held.isValid()).isTrue();
      build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void build() {
    if (Processes.run(List.of("docker", "image", "inspect", BASE)).exitCode() != 0) {
      succeeds(List.of("./make-container-base", BASE));
    }
    try {
      succeeds(
          List.of(
              "env",
              "DOCKER_BUILDKIT=0",
              "docker",
              "build",
              "-t",
              NAME,
              "--build-arg",
              "BASE=" + BASE,
              Path.of("..").toRealPath().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Outcome succeeds(List<String> command) {
    Outcome outcome = Processes.run(command);
    assertThat(outcome.exitCode()).as("%s: %s", command, outcome).isEqualTo(0);
    return outcome;
  }
}
