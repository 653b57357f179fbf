/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Debian's rpcinfo and showmount, which look at port 111 and nowhere else, against a port mapper of
 * our own, in a network where no other has the port.
 */
class PortmapIT {
  private static final String HOST = "127.0.0.1";

  private static NetworkNamespace network;
  private static FacsimServer server;

  @BeforeAll
  static void start() {
    for (String tool : List.of("rpcinfo", "showmount")) {
      assumeTrue(
          Processes.isInstalled(tool), tool + " is missing: apt-get install rpcbind nfs-common");
    }
    String missing = NetworkNamespace.missing();
    assumeTrue(missing == null, missing);
    network = NetworkNamespace.create();
    server =
        FacsimServer.start(
            network.prefix(),
            0,
            "--portmap-port=111",
            "--volume=datastore1=1GiB,lab=1GiB",
            "--export=lab=10.0.0.0/8(rw) 192.0.2.7(ro)");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    if (network != null) {
      network.close();
    }
  }

  private static String out(String... command) {
    Outcome outcome = network.run(List.of(command));
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
    return outcome.out();
  }

  @Test
  void rpcinfoListsEverythingByVersion2() {
    assertThat(out("rpcinfo", "-p", HOST).lines().map(line -> line.strip().split(" +")))
        .contains(
            new String[] {"100000", "2", "tcp", "111", "portmapper"},
            new String[] {"100000", "4", "udp", "111", "portmapper"},
            new String[] {"100003", "3", "tcp", Integer.toString(server.port()), "nfs"},
            new String[] {"100005", "1", "tcp", Integer.toString(server.port()), "mountd"},
            new String[] {"100005", "3", "udp", Integer.toString(server.port()), "mountd"});
  }

  @Test
  void rpcinfoListsEverythingByVersion4() {
    int nfsPort = server.port();
    String universal = HOST + "." + (nfsPort >> 8) + "." + (nfsPort & 0xff);
    assertThat(out("rpcinfo", HOST).lines().map(line -> line.strip().split(" +")))
        .contains(
            new String[] {"100000", "4", "tcp", HOST + ".0.111", "portmapper", "facsim"},
            new String[] {"100003", "3", "tcp", universal, "nfs", "facsim"},
            new String[] {"100005", "3", "tcp", universal, "mountd", "facsim"});
  }

  @Test
  void rpcinfoListsTheTransportsOfOneVersion() {
    assertThat(out("rpcinfo", "-l", HOST, "100005", "3"))
        .contains("inet/tcp/cots_ord", "inet/udp/clts");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-T tcp HOST 100003 3",
        "-T tcp HOST 100005 1",
        "-T udp HOST 100005 3",
        "-t HOST 100003 3",
        "-u HOST 100005 3",
        "-t HOST 100000 2",
        "-u HOST 100000 2",
        "-T tcp HOST 100000 3",
        "-T udp HOST 100000 4",
      })
  void rpcinfoFindsAndPings(String arguments) {
    assertThat(out(("rpcinfo " + arguments.replace("HOST", HOST)).split(" ")))
        .endsWith("ready and waiting\n");
  }

  @Test
  void rpcinfoIsToldWhichVersionsThereAre() {
    Outcome outcome = network.run(List.of("rpcinfo", "-T", "tcp", HOST, "100003", "2"));
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).contains("low version = 3", "high version = 4");
  }

  @Test
  void rpcinfoCannotTakeARegistrationAway() {
    // over TCP: without the socket file of an rpcbind that may run on this host
    network.run(
        List.of(
            "unshare",
            "--mount",
            "sh",
            "-c",
            "mount -t tmpfs tmpfs /run && exec rpcinfo -d 100003 3"));
    assertThat(out("rpcinfo", "-p", HOST)).containsPattern("100003 +3 +tcp");
  }

  @Test
  void showmountListsTheExports() {
    assertThat(out("showmount", "-e", HOST))
        .isEqualTo(
            """
            Export list for %s:
            /datastore1 (everyone)
            /lab        10.0.0.0/8,192.0.2.7/32
            """
                .formatted(HOST));
  }

  @Test
  void showmountListsWhoMounted() {
    assertThat(out("showmount", "-a", HOST)).isEqualTo("All mount points on " + HOST + ":\n");
  }
}
