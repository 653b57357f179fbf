/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code facsim check}, and {@code serve}, on directories that they may read only, or not even
 * that. Root may do everything, so the program runs without the capabilities that allow it.
 */
class CheckIT {
  private static final List<String> WITHOUT_OVERRIDE =
      List.of("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all");

  @TempDir private Path parent;
  private Path data;

  @BeforeEach
  void makeArray() {
    data = parent.resolve("array");
    try (FacsimServer server =
        FacsimServer.start("--volume", "v=64MiB", "--data-dir", data.toString())) {
      assertThat(server.terminate()).as(server.errors()).isZero();
    }
  }

  /** So that it can be removed. */
  @AfterEach
  void allowAll() throws IOException {
    allow("rwx------", "rw-------");
  }

  private void allow(String ofDirectory, String ofFiles) throws IOException {
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString("rwx------"));
    try (Stream<Path> files = Files.list(data)) {
      for (Path file : files.toList()) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(ofFiles));
      }
    }
    Files.setPosixFilePermissions(data, PosixFilePermissions.fromString(ofDirectory));
  }

  private Outcome asSomebody(String... arguments) {
    boolean isRoot = "root".equals(System.getProperty("user.name"));
    assumeTrue(!isRoot || Processes.isInstalled("setpriv"), "setpriv of util-linux is missing");
    List<String> command = new ArrayList<>(isRoot ? WITHOUT_OVERRIDE : List.of());
    command.add(Processes.launcher().toString());
    command.addAll(List.of(arguments));
    return Processes.run(command);
  }

  @Test
  void checkNeedsNoRightToWrite() throws IOException {
    allow("r-x------", "r--------");
    Outcome outcome = asSomebody("check", "--data-dir", data.toString());
    assertThat(outcome).isEqualTo(new Outcome(0, "", ""));

    Outcome serve = asSomebody("serve", "--nfs-port", "0", "--data-dir", data.toString());
    assertThat(serve.exitCode()).isEqualTo(1);
    assertThat(serve.err())
        .contains("opening " + data.resolve("lock") + " failed: Permission denied");
  }

  @Test
  void aDirectoryThatMustNotBeLookedIntoIsNoDirectoryOfSomethingElse() throws IOException {
    allow("---------", "r--------");
    for (String command : List.of("check", "serve")) {
      Outcome outcome = asSomebody(command, "--data-dir", data.toString());
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.out() + outcome.err())
          .contains("opening " + data, " failed: Permission denied")
          .doesNotContain("no data directory", "Exception");
    }
  }
}
