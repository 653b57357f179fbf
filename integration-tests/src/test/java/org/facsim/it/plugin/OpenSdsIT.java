/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.plugin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the OpenSDS plugin does on an ESXi host, by a client in C that lays out the structures
 * itself: ports by portmap over UDP on port 111, one TCP connection, MOUNT, LOOKUP, CREATE and
 * procedure 22; over IPv6 by rpcbind over TCP. In a network namespace of its own, where port 111 is
 * free.
 */
class OpenSdsIT {
  private static final int BLOCKS = 16;

  @TempDir private static Path folder;
  private static Path client;
  private static Process array;

  @BeforeAll
  static void start() throws IOException {
    CBuild.assumeTools();
    for (String tool : List.of("ip", "unshare", "nsenter")) {
      assumeTrue(Processes.isInstalled(tool), tool + " is missing: apt-get install iproute2");
    }
    assumeTrue(
        Processes.run(List.of("unshare", "-n", "true")).exitCode() == 0,
        "network namespaces need root");
    client = CBuild.openSdsClient(folder);
    array =
        new ProcessBuilder(
                "unshare",
                "-n",
                "sh",
                "-c",
                "ip link set lo up && exec \"$@\"",
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                OpenSdsArray.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    assertThat(array.inputReader(UTF_8).readLine()).startsWith("ready ");
    for (String volume : List.of("share", "copy", "none")) {
      assertThat(run(volume, "fill", "source", Integer.toString(BLOCKS)).exitCode()).isZero();
    }
  }

  @AfterAll
  static void stop() throws IOException, InterruptedException {
    if (array != null) {
      array.getOutputStream().close();
      if (!array.waitFor(30, TimeUnit.SECONDS)) {
        array.destroyForcibly();
      }
    }
  }

  /** Runs the client on an export, in the array's namespace, under valgrind. */
  private static Outcome run(String volume, String... command) {
    return runAt("127.0.0.1", volume, command);
  }

  private static Outcome runAt(String address, String volume, String... command) {
    List<String> arguments = new ArrayList<>(List.of(address, "/" + volume));
    arguments.addAll(List.of(command));
    return CBuild.check(
        List.of("nsenter", "-n", "-t", Long.toString(array.pid())), client, arguments);
  }

  private static String answers(String volume, String... command) {
    Outcome outcome = run(volume, command);
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
    return outcome.out();
  }

  private static void assertIsClone(String volume, String path) {
    Outcome outcome = run(volume, "verify", path, Integer.toString(BLOCKS));
    assertThat(outcome.exitCode()).as("%s", outcome).isZero();
  }

  private static final int BYTES = BLOCKS * 4096;

  @Test
  void theHostIsToldWhatIsSupported() {
    assertThat(answers("share", "support")).isEqualTo("6: 0 0\n7: 0 0\n8: 0 0\n");
    assertThat(answers("none", "support")).isEqualTo("6: 0 1\n7: 0 1\n8: 0 0\n");
    Outcome off = run("off", "support");
    assertThat(off.exitCode()).as("%s", off).isEqualTo(1);
    assertThat(off.err()).contains("Procedure unavailable");
  }

  /** The plugin's other way: ports by rpcbind version 3, GETADDR over TCP. */
  @Test
  void aHostWithIpv6FindsItsSessionAndClones() {
    Outcome support = runAt("::1", "share", "support");
    assertThat(support.exitCode()).as("%s", support).isZero();
    assertThat(support.out()).isEqualTo("6: 0 0\n7: 0 0\n8: 0 0\n");
    assertThat(runAt("::1", "share", "clone", "source", "over-ipv6").out())
        .isEqualTo("1: 0 0\n4: 0 0 state 2 offset " + BYTES + "\n");
    assertIsClone("share", "over-ipv6");
  }

  @Test
  void aFullCloneThatSharesIsCompleteAtTheFirstPoll() {
    assertThat(answers("share", "clone", "source", "full"))
        .isEqualTo("1: 0 0\n4: 0 0 state 2 offset " + BYTES + "\n");
    assertIsClone("share", "full");
    assertThat(answers("share", "statistics", "full"))
        .isEqualTo("3: 0 0 total " + BYTES + " allocated " + BYTES + " unique 0\n");
  }

  @Test
  void aFullCloneThatCopiesIsPolledWhileItGrows() {
    List<String> lines = answers("copy", "clone", "source", "full").lines().toList();
    assertThat(lines.get(0)).isEqualTo("1: 0 0");
    assertThat(lines.get(lines.size() - 1)).isEqualTo("4: 0 0 state 2 offset " + BYTES);
    assertThat(lines.subList(1, lines.size()))
        .as("polls")
        .hasSizeGreaterThan(2)
        .anyMatch(line -> line.startsWith("4: 0 0 state 1 "));
    List<Long> offsets =
        lines.stream()
            .skip(1)
            .map(line -> Long.parseLong(line.substring(line.lastIndexOf(' ') + 1)))
            .toList();
    assertThat(offsets).isSorted();
    assertIsClone("copy", "full");
  }

  @Test
  void anAbortedCloneIsAFailureAndLeavesAnEmptyFile() {
    assertThat(answers("copy", "abort", "source", "aborted"))
        .isEqualTo("1: 0 0\n5: 0 0\n4: 5 0 state 0 offset 0\nREMOVE 0\n");
  }

  @Test
  void aLazyCloneIsMadeInItsDirectory() {
    assertThat(answers("share", "lazy", "source", "lazy")).isEqualTo("1: 0 0\n");
    assertIsClone("share", "lazy");
  }

  @Test
  void aSourceOnAnotherDatastoreNeedsASecondSession() {
    assertThat(answers("share", "clone", "-s", "/copy", "source", "from-copy"))
        .startsWith("1: 0 0\n")
        .endsWith("4: 0 0 state 2 offset " + BYTES + "\n");
    assertIsClone("share", "from-copy");
  }

  @Test
  void whatIsNotSupportedIsRefusedAndTheHostCopies() {
    assertThat(answers("none", "clone", "source", "refused")).isEqualTo("1: 10004 0\nREMOVE 0\n");
    assertThat(answers("none", "reserve", "source")).isEqualTo("2: 10004 0\n");
  }

  @Test
  void spaceIsReserved() {
    assertThat(answers("share", "reserve", "source")).isEqualTo("2: 0 0\n");
  }

  @Test
  void aRetransmittedCloneIsAnsweredAsTheFirst() {
    assertThat(answers("share", "twice", "source", "twice"))
        .isEqualTo("1: 0 0\nREMOVE 0\n1: 0 0\nLOOKUP 2\n");
  }

  @Test
  void aCopyWhoseReplyWasLostWithItsConnectionIsNotBusyWithItself() {
    assertThat(answers("copy", "reconnect", "source", "reconnected")).isEqualTo("1: 0 0\n1: 0 0\n");
    assertThat(answers("copy", "clone", "source", "reconnected"))
        .as("a new call while it runs")
        .startsWith("1: 10008 1003\n");
  }

  @Test
  void structuresThatAreNoneAreRefused() {
    assertThat(answers("share", "raw", "source", "295", "1", "3")).isEqualTo("0: 22 0\n");
    assertThat(answers("share", "raw", "source", "297", "1", "3")).isEqualTo("0: 22 0\n");
    assertThat(answers("share", "raw", "source", "1024", "1", "3")).isEqualTo("0: 22 0\n");
    assertThat(answers("share", "raw", "source", "296", "2", "3")).isEqualTo("3: 10004 0\n");
    assertThat(answers("share", "raw", "source", "296", "1", "9")).isEqualTo("9: 10004 0\n");
    assertThat(answers("share", "raw", "", "296", "1", "3"))
        .as("a directory")
        .isEqualTo("3: 21 0\n");
    assertThat(answers("share", "progress", "source")).startsWith("4: 2 0 ");
  }
}
