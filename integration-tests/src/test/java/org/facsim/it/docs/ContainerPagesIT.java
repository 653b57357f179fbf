/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.facsim.it.container.FacsimImage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The commands of docs/containers.md and the container's block of the README, as written: with the
 * image under the name that the pages give it, and on the ports that they say. Where a port of this
 * machine is taken, the container is published on another one.
 */
class ContainerPagesIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String NAME = "facsim:latest";

  /** What the name stood for on this machine. */
  private static Optional<String> before = Optional.empty();

  @TempDir private Path scratch;

  @BeforeAll
  static void nameTheImage() {
    FacsimImage.require();
    Outcome present = Processes.run(List.of("docker", "image", "inspect", "-f", "{{.Id}}", NAME));
    before = present.exitCode() == 0 ? Optional.of(present.out().strip()) : Optional.empty();
    tag(FacsimImage.NAME);
  }

  @AfterAll
  static void giveTheNameBack() {
    if (before.isPresent()) {
      tag(before.get());
    } else {
      Processes.run(List.of("docker", "rmi", NAME));
    }
  }

  private static void tag(String image) {
    Outcome tagged = Processes.run(List.of("docker", "tag", image, NAME));
    assertThat(tagged.exitCode()).as("%s", tagged).isZero();
  }

  private static boolean isFree(int port) {
    try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return socket.isBound();
    } catch (IOException e) {
      return false;
    }
  }

  private static int anyFree() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /** A command on other ports of this machine; inside of the container they stay the same. */
  private static String onOtherPorts(String command, Map<Integer, Integer> others) {
    String changed = command;
    for (Map.Entry<Integer, Integer> port : others.entrySet()) {
      changed =
          changed.replaceAll(
              "(127\\.0\\.0\\.1:|(?:nfs|mount)port=)" + port.getKey() + "\\b",
              "$1" + port.getValue());
    }
    return changed;
  }

  @AfterEach
  void removeTheContainer() {
    Processes.run(List.of("docker", "rm", "-f", "facsim"));
  }

  @Test
  void thePageOfContainers() throws IOException {
    play(Path.of("docs", "containers.md"), Page.Block::isRunFromHere);
  }

  @Test
  void theReadme() throws IOException {
    play(
        Path.of("README.md"),
        block -> block.triedBy().filter("ContainerPagesIT"::equals).isPresent());
  }

  @Test
  void onlyThePortsOfThisMachineChange() {
    assertThat(
            onOtherPorts(
                "docker run -p 127.0.0.1:2049:2049 -p 127.0.0.1:8080:8080 facsim; "
                    + "nfs-ls 'nfs://127.0.0.1/v?nfsport=2049&mountport=2049'; curl 127.0.0.1:8080/",
                Map.of(2049, 1, 8080, 2)))
        .isEqualTo(
            "docker run -p 127.0.0.1:1:2049 -p 127.0.0.1:2:8080 facsim; "
                + "nfs-ls 'nfs://127.0.0.1/v?nfsport=1&mountport=1'; curl 127.0.0.1:2/");
  }

  private void play(Path page, Predicate<Page.Block> isPlayed) throws IOException {
    Path folder = Files.createTempDirectory(scratch, "page");
    Map<Integer, Integer> others = new HashMap<>();
    for (int port : List.of(2049, 8080)) {
      if (!isFree(port)) {
        others.put(port, anyFree());
        System.out.println("documents: " + page + ": port " + port + " is taken, tried on another");
      }
    }
    int commands =
        PagePlayer.play(
            Page.read(ROOT, page),
            isPlayed,
            command -> onOtherPorts(command, others),
            List.of(),
            ROOT,
            folder);
    assertThat(commands).isGreaterThan(3);
    System.out.println("documents: " + page + ", " + commands + " commands of containers");
  }
}
