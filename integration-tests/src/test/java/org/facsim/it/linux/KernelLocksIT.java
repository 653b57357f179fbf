/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.it.linux.Steps.LIMIT;
import static org.facsim.it.linux.Steps.tell;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.facsim.it.FacsimServer;
import org.facsim.it.NetworkNamespace;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Byte-range locks of the Linux kernel over NLM, on a mount without {@code nolock}: the guest runs
 * rpcbind and statd, the server its own port mapper, and each calls the other.
 *
 * <p>The volume is mounted twice with {@code nosharecache}. Linux then knows nothing in common of
 * the two mounts, so that conflicts between them are decided by the server alone.
 */
class KernelLocksIT {
  private static final int PORTMAP_PORT = 111;

  /** lockd's, see the guest's init. */
  private static final int LOCKD_PORT = 4045;

  private static final int STATD_PORT = 4046;

  /** Without a call from the server, Linux asks again only after 30 s. */
  private static final Duration GRANTED_BY_CALL = Duration.ofSeconds(15);

  @TempDir private static Path folder;
  private static GuestNetwork network;
  private static FacsimServer server;
  private static Guest guest;
  private static int files;

  /** The same file by either mount. */
  private String a;

  private String b;

  @BeforeAll
  static void mountTwice() throws IOException {
    String missing = GuestImage.missing();
    assumeTrue(missing == null, missing);
    String noNetwork = NetworkNamespace.missing();
    assumeTrue(noNetwork == null, noNetwork);
    network = new GuestNetwork();
    server =
        FacsimServer.start(
            network.prefix(),
            2049,
            "--listen",
            GuestNetwork.SERVER,
            "--portmap-port",
            Integer.toString(PORTMAP_PORT),
            "--nsm-name",
            GuestNetwork.SERVER,
            "--lock-grace",
            "15",
            "--volume",
            "locks=64MiB",
            "--data-dir",
            folder.resolve("data").toString());
    List<String> forwards = GuestNetwork.forwards(PORTMAP_PORT, LOCKD_PORT, STATD_PORT);
    guest = Guest.boot("locks", network.prefix(), forwards);
    guest.check(LIMIT, "rpcbind && rpc.statd --no-notify -p %d".formatted(STATD_PORT));
    for (String mount : List.of("a", "b")) {
      guest.check(
          LIMIT,
          "mkdir -p /mnt/%1$s && mount -t nfs -o vers=3,tcp,nosharecache %2$s:/locks /mnt/%1$s"
              .formatted(mount, GuestNetwork.SERVER));
    }
    guest.check(
        LIMIT,
        "mkdir -p /mnt/v4 && mount -t nfs -o vers=4.2,tcp,sec=sys %s:/locks /mnt/v4"
            .formatted(GuestNetwork.SERVER));
  }

  @AfterAll
  static void stop() {
    if (guest != null) {
      guest.close();
    }
    if (server != null) {
      server.close();
    }
    if (network != null) {
      network.close();
    }
  }

  @BeforeEach
  void aNewFile() {
    files++;
    a = "/mnt/a/file" + files;
    b = "/mnt/b/file" + files;
    guest.check(LIMIT, "rm -f /tmp/at-* && : >%s".formatted(a));
  }

  /** One process; its words are those of {@code range_locks.c}. */
  private String locks(String file, String commands) {
    return guest.check(LIMIT, "range_locks %s %s 2>&1".formatted(file, commands));
  }

  /**
   * A process that does something, tells it by making a file, and holds its locks until another is
   * made.
   */
  private void inTheBackground(String file, String commands, String done, String until) {
    guest.check(
        LIMIT,
        """
        range_locks %1$s %2$s touch /tmp/at-%3$s await /tmp/at-%4$s >/tmp/at-out 2>&1 &
        echo $! >/tmp/at-pid
        n=0
        while [ ! -e /tmp/at-%3$s ]; do
          n=$((n + 1)); [ $n -lt 300 ] || { cat /tmp/at-out; exit 9; }
          sleep 0.1
        done
        """
            .formatted(file, commands, done, until));
  }

  @Test
  void theMountHasLocksOfTheServer() {
    String mounts = guest.check(LIMIT, "grep ' /mnt/[ab] nfs ' /proc/mounts");

    assertThat(mounts.lines()).hasSize(2);
    assertThat(mounts).contains("vers=3", "local_lock=none").doesNotContain("nolock");
    tell("mount without nolock", mounts);
  }

  @Test
  void aWriteLockKeepsOthersOutAndTheirTestsNameIt() {
    inTheBackground(a, "write 100 50", "held", "go");

    String other = locks(b, "write 120 1 read 149 1 write 150 10 write 0 100 test 0 1000");

    assertThat(other.lines()).containsExactly("busy", "busy", "locked", "locked", "write 100 50");
    assertThat(locks(b, "test 0 100")).isEqualTo("free");
    guest.check(LIMIT, "touch /tmp/at-go; sleep 1");
    assertThat(locks(b, "write 0 1000")).as("once the holder is gone").isEqualTo("locked");
    tell("write lock", "bytes 100 to 149 held by one mount, busy for the other, free around them");
  }

  @Test
  void readLocksAreSharedAndKeepWritersOut() {
    inTheBackground(a, "read 0 0", "held", "go");

    assertThat(locks(b, "read 10 10 write 10 10").lines()).containsExactly("locked", "busy");
    assertThat(locks(b, "test 5 1")).isEqualTo("read 0 0");
    guest.check(LIMIT, "touch /tmp/at-go");
    tell("read locks", "shared by both mounts, a write lock is busy");
  }

  @Test
  void rangesAreSplitJoinedAndChanged() {
    inTheBackground(
        a, "write 0 100 unlock 40 20 write 60 100 read 0 10 write 1000 0", "held", "go");

    String other =
        locks(
            b,
            "read 0 10 write 0 1 write 39 1 write 40 20 write 60 1 write 159 1 write 160 840"
                + " write 999999999 1");

    assertThat(other.lines())
        .containsExactly("locked", "busy", "busy", "locked", "busy", "busy", "locked", "busy");
    guest.check(LIMIT, "touch /tmp/at-go");
    tell("ranges", "split by an unlock, joined, downgraded, to the end of the file");
  }

  @Test
  void aWaitingLockIsGrantedWhenTheHolderLetsGo() {
    inTheBackground(a, "write 0 10", "held", "go");
    guest.check(
        LIMIT, "range_locks %s wait 5 5 touch /tmp/at-granted >/tmp/at-waiter 2>&1 &".formatted(b));
    Guest.Output early = guest.run(LIMIT, "sleep 2; test -e /tmp/at-granted");
    assertThat(early.exitCode()).as("granted while held").isEqualTo(1);

    long startNanos = System.nanoTime();
    guest.check(
        LIMIT,
        """
        touch /tmp/at-go
        n=0
        while [ ! -e /tmp/at-granted ]; do
          n=$((n + 1)); [ $n -lt 600 ] || { cat /tmp/at-waiter; exit 9; }
          sleep 0.1
        done
        """);
    Duration waited = Duration.ofNanos(System.nanoTime() - startNanos);

    assertThat(waited).isLessThan(GRANTED_BY_CALL);
    tell("waiting lock", "granted %d ms after the holder let go".formatted(waited.toMillis()));
  }

  @Test
  void aProcessThatIsKilledLeavesNoLock() {
    inTheBackground(a, "write 0 0", "held", "never");
    assertThat(locks(b, "write 0 1")).isEqualTo("busy");

    guest.check(LIMIT, "kill -9 $(cat /tmp/at-pid); sleep 1");

    assertThat(locks(b, "write 0 1")).isEqualTo("locked");
    tell("killed holder", "its lock is gone");
  }

  @Test
  void locksOfARemovedFileDoNotStopAnotherOfItsName() {
    inTheBackground(a, "write 0 0", "held", "go");

    guest.check(LIMIT, "rm %1$s && : >%1$s".formatted(b));
    assertThat(locks(b, "write 0 0")).isEqualTo("locked");

    guest.check(LIMIT, "touch /tmp/at-go");
    tell("removed file", "a new file of the name has no locks");
  }

  @Test
  void locksOfNfsv3AndOfNfsv4KeepEachOtherOut() {
    String v4 = a.replace("/mnt/a/", "/mnt/v4/");
    inTheBackground(a, "write 100 50", "held", "go");
    assertThat(locks(v4, "write 120 1 read 149 1 write 150 10 test 0 1000").lines())
        .containsExactly("busy", "busy", "locked", "write 100 50");
    assertThat(locks(v4, "flock 0 0")).as("flock of the whole file").isEqualTo("busy");
    guest.check(LIMIT, "touch /tmp/at-go; sleep 1; rm -f /tmp/at-*");

    inTheBackground(v4, "write 100 50", "held", "go");
    assertThat(locks(a, "write 120 1 read 149 1 write 150 10 test 0 1000").lines())
        .containsExactly("busy", "busy", "locked", "write 100 50");
    assertThat(locks(a, "flock 0 0")).isEqualTo("busy");
    guest.check(LIMIT, "touch /tmp/at-go; sleep 1");

    assertThat(locks(a, "flock 0 0")).isEqualTo("locked");
    assertThat(locks(v4, "write 0 1000")).isEqualTo("locked");
    tell("NLM and NFSv4", "fcntl and flock of either are busy for the other");
  }

  @Test
  void locksAreReclaimedWhenTheServerComesBack() {
    inTheBackground(a, "write 0 10", "held", "go");
    server.kill();
    server.restart();

    // the guest's statd hears of the restart, and its lockd takes the lock again
    String outcome =
        guest.check(
            Duration.ofMinutes(4),
            """
            sleep 3
            range_locks %1$s test 0 100 2>&1
            range_locks %1$s write 5 1 2>&1
            """
                .formatted(b));

    assertThat(outcome.lines()).containsExactly("write 0 10", "busy");
    guest.check(LIMIT, "touch /tmp/at-go; sleep 1");
    assertThat(locks(b, "write 0 10")).isEqualTo("locked");
    tell("restart", "the lock was reclaimed before anybody else could have it");
  }
}
