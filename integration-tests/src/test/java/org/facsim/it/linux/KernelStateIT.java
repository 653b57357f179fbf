/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.it.linux.Steps.LIMIT;
import static org.facsim.it.linux.Steps.tell;

import java.nio.file.Path;
import java.time.Duration;
import org.facsim.it.FacsimServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Opens, locks and delegations of the Linux kernel. The guest mounts one volume in four versions,
 * which are four clients to the server: the kernel has a client id for each minor version, and
 * knows nothing in common of them. So what they see of each other comes from the server.
 */
@LinuxGuest
class KernelStateIT {
  private static final String[] VERSIONS = {"4.0", "4.1", "4.2"};

  @TempDir private static Path folder;
  private static FacsimServer server;
  private static int files;
  private String name;

  @BeforeAll
  static void mount(Guest guest) {
    String data = folder.resolve("data").toString();
    server =
        FacsimServer.start("--volume", "shared=64MiB", "--data-dir", data, "--lock-grace", "20");
    for (String version : VERSIONS) {
      mountAt(guest, version, "vers=%s,tcp,sec=sys,port=%d".formatted(version, server.port()));
    }
    mountAt(
        guest,
        "3",
        "vers=3,nolock,tcp,mountproto=tcp,port=%1$d,mountport=%1$d".formatted(server.port()));
  }

  private static void mountAt(Guest guest, String version, String options) {
    guest.check(
        LIMIT,
        "mkdir -p /mnt/v%1$s && mount -t nfs -o %2$s %3$s:/shared /mnt/v%1$s"
            .formatted(version, options, Guest.HOST));
  }

  @AfterAll
  static void stop(Guest guest) {
    if (server != null) {
      guest.run(LIMIT, "touch /tmp/st-go; killall -9 range_locks");
      for (String version : VERSIONS) {
        Steps.unmount(guest, "v" + version);
      }
      Steps.unmount(guest, "v3");
      server.close();
    }
  }

  @BeforeEach
  void aNewFile(Guest guest) {
    files++;
    name = "file" + files;
    guest.check(LIMIT, "rm -f /tmp/st-*; : >/mnt/v4.1/%s; sync".formatted(name));
  }

  private String locks(Guest guest, String version, String commands) {
    return guest.check(LIMIT, "range_locks /mnt/v%s/%s %s 2>&1".formatted(version, name, commands));
  }

  /** A process that locks, tells it, and holds what it has until a file is made. */
  private void holds(Guest guest, String version, String commands) {
    guest.check(
        LIMIT,
        """
        range_locks /mnt/v%1$s/%2$s %3$s touch /tmp/st-held await /tmp/st-go >/tmp/st-out 2>&1 &
        n=0
        while [ ! -e /tmp/st-held ]; do
          n=$((n + 1)); [ $n -lt 600 ] || { cat /tmp/st-out; exit 9; }
          sleep 0.1
        done
        """
            .formatted(version, name, commands));
  }

  @Test
  void rangesOfOneClientKeepTheOthersOut(Guest guest) {
    for (String holder : VERSIONS) {
      guest.check(LIMIT, "rm -f /tmp/st-*");
      holds(guest, holder, "write 100 50");
      for (String other : VERSIONS) {
        if (!other.equals(holder)) {
          assertThat(locks(guest, other, "write 120 1 read 149 1 write 150 10 test 0 1000").lines())
              .as("%s against %s", other, holder)
              .containsExactly("busy", "busy", "locked", "write 100 50");
        }
      }
      guest.check(LIMIT, "touch /tmp/st-go; sleep 1");
      assertThat(locks(guest, "4.1", "write 0 1000")).isEqualTo("locked");
    }
    tell("locks of NFSv4", "4.0, 4.1 and 4.2 keep each other out, and name the holder's range");
  }

  @Test
  void aWaitingLockIsGranted(Guest guest) {
    holds(guest, "4.2", "write 0 10");
    guest.check(
        LIMIT,
        "range_locks /mnt/v4.1/%s wait 5 5 touch /tmp/st-granted >/tmp/st-waiter 2>&1 &"
            .formatted(name));
    assertThat(guest.run(LIMIT, "sleep 2; test -e /tmp/st-granted").exitCode()).isEqualTo(1);
    long startNanos = System.nanoTime();
    guest.check(
        LIMIT,
        """
        touch /tmp/st-go
        n=0
        while [ ! -e /tmp/st-granted ]; do
          n=$((n + 1)); [ $n -lt 900 ] || { cat /tmp/st-waiter; exit 9; }
          sleep 0.1
        done
        """);
    Duration waited = Duration.ofNanos(System.nanoTime() - startNanos);
    tell("waiting lock of NFSv4", "granted %d ms later".formatted(waited.toMillis()));
  }

  @Test
  void aFlockOfOneClientKeepsTheOthersOut(Guest guest) {
    for (String holder : VERSIONS) {
      String tried =
          guest.check(
              LIMIT,
              """
              rm -f /tmp/st-*
              range_locks /mnt/v%1$s/%2$s flock 0 0 touch /tmp/st-held await /tmp/st-go >/tmp/st-holder & holder=$!
              n=0; while [ ! -e /tmp/st-held ]; do n=$((n + 1)); [ $n -lt 600 ] || exit 9; sleep 0.1; done
              for version in 4.0 4.1 4.2; do
                [ $version = %1$s ] || echo $version $(range_locks /mnt/v$version/%2$s flock 0 0)
              done
              touch /tmp/st-go; wait $holder
              for version in 4.0 4.1 4.2; do echo $version $(range_locks /mnt/v$version/%2$s flock 0 0); done
              """
                  .formatted(holder, name));
      assertThat(tried.lines().filter(line -> line.endsWith(" busy")))
          .as("refused while %s has it: %s", holder, tried)
          .hasSize(2);
      assertThat(tried.lines()).endsWith("4.0 locked", "4.1 locked", "4.2 locked");
    }
    tell("flock", "held by one of 4.0, 4.1 and 4.2 it is busy for the others, and then free");
  }

  /** The writer has a delegation, which it must give back before another client reads. */
  @Test
  void aDelegationIsRecalledWhenAnotherClientReads(Guest guest) {
    String counted =
        guest.check(
            LIMIT,
            """
            returns() { sed -n '/ .mnt.v4.2 with /,/^device/p' /proc/self/mountstats |
              awk '$1 == "DELEGRETURN:" {print $2}'; }
            before=$(returns)
            echo one >/mnt/v4.2/%1$s
            echo kept $(($(returns) - before))
            cat /mnt/v4.1/%1$s
            n=0; while [ $(returns) = $before ] && [ $n -lt 300 ]; do n=$((n + 1)); sleep 0.1; done
            echo returned $(($(returns) - before))
            """
                .formatted(name));
    assertThat(counted.lines()).containsExactly("kept 0", "one", "returned 1");
    tell("delegation", "of a writer over 4.2, recalled by a reader over 4.1, and given back");
  }

  @Test
  void severalConnectionsOfOneMountAreOneClient(Guest guest) {
    String seen =
        guest.check(
            LIMIT,
            """
            umount /mnt/v4.1 # a client that is there keeps the connections that it has
            mkdir -p /mnt/many
            mount -t nfs -o vers=4.1,nconnect=4,nosharecache,tcp,sec=sys,port=%2$d %3$s:/shared /mnt/many
            head -c 4194304 /dev/urandom >/tmp/st-data
            for i in 1 2 3 4; do dd if=/tmp/st-data of=/mnt/many/%1$s-$i bs=64k conv=fsync 2>/dev/null & done
            wait
            echo 3 >/proc/sys/vm/drop_caches
            cat /mnt/many/%1$s-* | sha256sum | cut -c 1-64 >/tmp/st-sum
            cat /tmp/st-data /tmp/st-data /tmp/st-data /tmp/st-data | sha256sum | cut -c 1-64 |
              cmp - /tmp/st-sum && echo same
            sed -n '/ .mnt.many with /,/^device/p' /proc/self/mountstats |
              awk '$1 == "xprt:" && $2 == "tcp" && $8 > 0 {n++} END {print n}'
            umount /mnt/many
            """
                .formatted(name, server.port(), Guest.HOST));
    mountAt(guest, "4.1", "vers=4.1,tcp,sec=sys,port=%d".formatted(server.port()));
    String[] lines = seen.split("\n", -1);
    assertThat(lines[0]).isEqualTo("same");
    assertThat(Integer.parseInt(lines[1].strip())).as("connections in use").isEqualTo(4);
    tell("nconnect=4", "four files of 4 MiB written at a time over four connections");
  }

  @Test
  void whatOneClientWritesTheOthersReadAlthoughTheyHaveTheFileOpen(Guest guest) {
    for (String reader : VERSIONS) {
      for (String writer : new String[] {"3", "4.0", "4.1", "4.2"}) {
        if (!writer.equals(reader)) {
          String read =
              guest.check(
                  LIMIT,
                  """
                  echo one >/mnt/v%2$s/%3$s
                  exec 7</mnt/v%1$s/%3$s
                  cat /mnt/v%1$s/%3$s
                  echo two >/mnt/v%2$s/%3$s
                  cat /mnt/v%1$s/%3$s
                  exec 7<&-
                  """
                      .formatted(reader, writer, name));
          assertThat(read.lines())
              .as("read over %s, written over %s", reader, writer)
              .endsWith("two");
        }
      }
    }
    tell("delegations", "readers of 4.0, 4.1 and 4.2 see what others write, NFSv3 included");
  }

  @Test
  void aRemovedFileStaysUsableForWhoHasItOpen(Guest guest) {
    String read =
        guest.check(
            LIMIT,
            """
            echo content >/mnt/v4.1/%1$s
            exec 7</mnt/v4.1/%1$s
            rm /mnt/v3/%1$s
            cat <&7
            exec 7<&-
            test ! -e /mnt/v4.2/%1$s && echo gone
            """
                .formatted(name));
    assertThat(read.lines()).containsExactly("content", "gone");
    tell("removed by another client", "the file can be read until it is closed");
  }

  @Test
  void locksAreReclaimedWhenTheServerComesBack(Guest guest) {
    holds(guest, "4.1", "write 0 10");
    server.kill();
    server.restart();
    String outcome =
        guest.check(
            Duration.ofMinutes(4),
            """
            for version in 4.0 4.1 4.2; do stat /mnt/v$version/. >/dev/null; done
            range_locks /mnt/v4.2/%1$s test 0 100 2>&1
            range_locks /mnt/v4.2/%1$s write 5 1 2>&1
            """
                .formatted(name));
    assertThat(outcome.lines()).containsExactly("write 0 10", "busy");
    guest.check(LIMIT, "touch /tmp/st-go; sleep 1");
    assertThat(locks(guest, "4.2", "write 0 10")).isEqualTo("locked");
    tell("restart", "a lock of NFSv4.1 was reclaimed before anybody else could have it");
  }
}
