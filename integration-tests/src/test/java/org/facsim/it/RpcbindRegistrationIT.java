/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.List;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The program beside Debian's rpcbind, in a network namespace where port 111 is free. */
class RpcbindRegistrationIT {
  /** Ends everything it started: rpcbind by its pid, the rest with the namespace. */
  private static final String PROLOGUE =
      """
      ip link set lo up
      mount -t tmpfs none /run
      rpcbind -f & rpcbind=$!
      trap 'kill $rpcbind' EXIT
      for i in $(seq 100); do rpcinfo -p 127.0.0.1 >/dev/null 2>&1 && break; sleep 0.1; done
      serve() {
        coproc "$facsim" serve --nfs-port 2049 --register-with-rpcbind "$@"
        server=$COPROC_PID
        read -r ready <&"${COPROC[0]}"
        echo "$ready"
      }
      """;

  @BeforeEach
  void requireTools() {
    for (String tool : List.of("rpcbind", "rpcinfo", "showmount", "ip", "unshare", "bash")) {
      assumeTrue(
          Processes.isInstalled(tool),
          tool + " is missing: apt-get install rpcbind nfs-common iproute2");
    }
    assumeTrue(
        Processes.run(List.of("unshare", "-nm", "true")).exitCode() == 0,
        "network namespaces need root");
  }

  private static Outcome inNamespace(String script) {
    return Processes.run(
        List.of(
            "unshare",
            "-nm",
            "bash",
            "-euc",
            "facsim=" + Processes.launcher() + "\n" + PROLOGUE + script));
  }

  @Test
  void isRegisteredWhileItRunsAndNotAfterwards() {
    Outcome outcome =
        inNamespace(
            """
            serve
            rpcinfo -p 127.0.0.1
            showmount -e 127.0.0.1
            kill $server
            wait $server
            echo stopped
            rpcinfo -p 127.0.0.1
            """);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
    assertThat(outcome.err()).as("on a host without a hardware address").doesNotContain("WARN");
    String[] halves = outcome.out().split("stopped\n", -1);
    assertThat(halves[0])
        .contains("\"ready\":true", "Export list for 127.0.0.1:\n/datastore1 (everyone)\n")
        .containsPattern("100003 +3 +tcp +2049 +nfs")
        .containsPattern("100005 +1 +udp +2049 +mountd");
    assertThat(halves[1]).contains("portmapper").doesNotContain("nfs", "mountd");
  }

  @Test
  void bothFamiliesAreRegisteredWhereBothAreServed() {
    Outcome outcome =
        inNamespace(
            """
            serve --listen 0.0.0.0
            rpcinfo ::1
            rpcinfo -T tcp6 ::1 100003 3
            rpcinfo -T udp6 ::1 100005 3
            rpcinfo -T tcp 127.0.0.1 100003 3
            showmount -e 127.0.0.1
            kill $server
            wait $server
            echo stopped
            rpcinfo ::1
            """);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
    String[] halves = outcome.out().split("stopped\n", -1);
    assertThat(halves[0])
        .contains("Export list for 127.0.0.1:\n/datastore1 (everyone)\n")
        .containsPattern("100003 +3 +tcp +0\\.0\\.0\\.0\\.8\\.1 +nfs")
        .containsPattern("100003 +3 +tcp6 +[0:]+\\.8\\.1 +nfs")
        .containsPattern("100005 +3 +udp +0\\.0\\.0\\.0\\.8\\.1 +mountd")
        .containsPattern("100005 +3 +udp6 +[0:]+\\.8\\.1 +mountd")
        .containsPattern("(?s)(ready and waiting.*){3}");
    assertThat(halves[1]).contains("portmapper").doesNotContain("nfs", "mountd");
  }

  @Test
  void whatIsServedOnOneFamilyIsRegisteredForThatAlone() {
    Outcome outcome =
        inNamespace(
            """
            serve --listen ::1
            rpcinfo ::1
            rpcinfo -T tcp6 ::1 100003 3
            kill $server
            wait $server
            """);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
    assertThat(outcome.out())
        .containsPattern("100003 +3 +tcp6 +[0:]+1\\.8\\.1 +nfs")
        .doesNotContainPattern("100003 +3 +tcp +")
        .contains("ready and waiting");
  }

  @Test
  void leftoversOfACrashAreReplaced() {
    Outcome outcome =
        inNamespace(
            """
            exec 3<>/dev/tcp/127.0.0.1/111
            # xid 1, CALL, RPC 2, portmap 2, SET, no credential: NFS 3 over TCP at port 2050
            printf '\\x80\\0\\0\\x38\\0\\0\\0\\1\\0\\0\\0\\0\\0\\0\\0\\2\\0\\1\\x86\\xa0\\0\\0\\0\\2\\0\\0\\0\\1' >&3
            printf '\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0' >&3
            printf '\\0\\1\\x86\\xa3\\0\\0\\0\\3\\0\\0\\0\\6\\0\\0\\x8\\2' >&3
            head -c 32 <&3 >/dev/null
            rpcinfo -p 127.0.0.1
            serve
            rpcinfo -p 127.0.0.1
            kill $server
            wait $server
            """);
    assertThat(outcome.exitCode()).as("%s", outcome).isEqualTo(0);
    String[] halves = outcome.out().split("\"ready\":true", -1);
    assertThat(halves[0]).containsPattern("100003 +3 +tcp +2050");
    assertThat(halves[1]).containsPattern("100003 +3 +tcp +2049").doesNotContain("2050");
  }

  @Test
  void withoutAnRpcbindTheStartFailsAndSaysSo() {
    Outcome outcome =
        Processes.facsim("serve", "--nfs-port", "0", "--register-with-rpcbind=127.0.0.112:1");
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.err()).isEqualTo("facsim serve: rpcbind at 127.0.0.112:1 does not answer\n");
    assertThat(outcome.out()).isEmpty();
  }
}
