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
 * {@code --listen 0.0.0.0} on a host with several addresses of both families: Debian's rpcinfo and
 * showmount find everything by each of them, over TCP and UDP. Their UDP sockets are connected, so
 * an answer from another address than the one asked never reaches them.
 */
class EveryAddressIT {
  private static NetworkNamespace clients;
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
    clients = NetworkNamespace.create();
    network =
        NetworkNamespace.create(
            """
            ip link add array type veth peer name host netns %d && ip link set array up &&
            ip addr add 192.0.2.1/24 dev array && ip addr add 192.0.2.2/24 dev array &&
            ip -6 addr add 2001:db8::1/64 dev array nodad &&
            ip -6 addr add 2001:db8::2/64 dev array nodad
            """
                .formatted(clients.pid()));
    for (String command :
        List.of(
            "ip link set host up",
            "ip addr add 192.0.2.100/24 dev host",
            "ip -6 addr add 2001:db8::100/64 dev host nodad")) {
      out(clients, command.split(" "));
    }
    server =
        FacsimServer.start(
            network.prefix(), 0, "--listen=0.0.0.0", "--portmap-port=111", "--volume=lab=1GiB");
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
    for (NetworkNamespace each : new NetworkNamespace[] {network, clients}) {
      if (each != null) {
        each.close();
      }
    }
  }

  private static String out(String... command) {
    return out(clients, command);
  }

  private static String out(NetworkNamespace where, String... command) {
    Outcome outcome = where.run(List.of(command));
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
    return outcome.out();
  }

  @ParameterizedTest
  @ValueSource(strings = {"192.0.2.1", "192.0.2.2"})
  void everythingIsFoundOverIpv4(String address) {
    assertThat(out("showmount", "-e", address)).contains("/lab (everyone)");
    for (String transport : List.of("tcp", "udp")) {
      assertThat(out("rpcinfo", "-T", transport, address, "100005", "3"))
          .endsWith("ready and waiting\n");
    }
    assertThat(out("rpcinfo", "-p", address)).containsPattern("100003 +3 +tcp");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2001:db8::1", "2001:db8::2"})
  void everythingIsFoundOverIpv6(String address) {
    for (String transport : List.of("tcp6", "udp6")) {
      assertThat(out("rpcinfo", "-T", transport, address, "100005", "3"))
          .endsWith("ready and waiting\n");
    }
  }

  @Test
  void everyTransportIsListed() {
    assertThat(out("rpcinfo", "-s", "192.0.2.1"))
        .containsPattern("100005 .*(udp6,tcp6,udp,tcp|tcp6,udp6,tcp,udp|udp6,udp,tcp6,tcp).*mountd")
        .containsPattern("100003 +(4,3|3,4) .*(tcp6,tcp|tcp,tcp6) .*nfs");
  }

  @Test
  void anAddressThatAppearsLaterAnswersToo() {
    out(network, "ip", "addr", "add", "192.0.2.7/24", "dev", "array");
    out(network, "ip", "-6", "addr", "add", "2001:db8::7/64", "dev", "array", "nodad");
    assertThat(out("rpcinfo", "-T", "udp", "192.0.2.7", "100005", "3"))
        .endsWith("ready and waiting\n");
    assertThat(out("rpcinfo", "-T", "udp6", "2001:db8::7", "100005", "3"))
        .endsWith("ready and waiting\n");
  }
}
