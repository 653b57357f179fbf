/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.it.linux.Steps.LIMIT;
import static org.facsim.it.linux.Steps.tell;

import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.facsim.it.FacsimServer;
import org.facsim.it.Processes;
import org.facsim.it.Processes.Outcome;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The server is killed under the load of a Linux client and started again on the same data and the
 * same port. The client must not notice more than a pause: its handles stay good, what it wrote
 * unstably it sends again since the write verifier is another one, and nothing is lost.
 */
@LinuxGuest
class KernelRestartIT {
  private static final long SEED =
      Long.getLong("facsim.linux.seed", System.nanoTime() & Integer.MAX_VALUE);
  private static final int RESTARTS = Integer.getInteger("facsim.linux.restarts", 3);
  private static final int WRITERS = 3;
  private static final int RECORDS = 2000;
  private static final Duration PROGRESS_LIMIT = Duration.ofMinutes(3);

  /** A writer in the background: volume, its number, seed, records. */
  private static final String WRITE =
      """
      (records write /mnt/%1$s/w%2$d %3$d %4$d /tmp/model%2$d /tmp/stop /tmp/progress%2$d \\
        >/tmp/out%2$d 2>&1; echo $? >/tmp/exit%2$d) &
      """;

  @TempDir private static Path folder;
  private static FacsimServer server;

  @BeforeAll
  static void mount(Guest guest) {
    String data = folder.resolve("data").toString();
    server =
        FacsimServer.start(
            "--volume",
            "kept=256MiB",
            "--volume",
            "state=256MiB",
            "--data-dir",
            data,
            "--lock-grace",
            "20");
    Steps.mount(guest, server, "kept");
  }

  @AfterAll
  static void stop(Guest guest) {
    if (server != null) {
      guest.run(LIMIT, "touch /tmp/stop; killall -9 records");
      Steps.unmount(guest, "kept");
      server.close();
    }
  }

  @Test
  void nothingThatWasWrittenIsLostWhenTheServerIsKilled(Guest guest) throws Exception {
    SplittableRandom random = new SplittableRandom(SEED);
    guest.check(
        LIMIT, "rm -f /tmp/stop /tmp/exit* /tmp/out* /tmp/progress*; echo open >/mnt/kept/open");
    for (int writer = 0; writer < WRITERS; writer++) {
      guest.check(LIMIT, WRITE.formatted("kept", writer, SEED + writer, RECORDS));
    }
    long written = awaitProgress(guest, 0);
    for (int restart = 0; restart < RESTARTS; restart++) {
      TimeUnit.MILLISECONDS.sleep(random.nextInt(50, 1000));
      server.kill();
      server.restart();
      long now = awaitProgress(guest, written);
      assertThat(now).as("seed %d: writes after restart %d", SEED, restart).isGreaterThan(written);
      written = now;
    }
    String verified = stopAndVerify(guest, "kept");

    assertThat(guest.check(LIMIT, "cat /mnt/kept/open")).isEqualTo("open");
    server.kill();
    Outcome check = Processes.facsim("check", "--data-dir", folder.resolve("data").toString());
    assertThat(check.exitCode()).as("seed %d: %s", SEED, check).isEqualTo(0);
    tell(
        "restart under load",
        "seed %d, %d times killed, %d writers\n%s".formatted(SEED, RESTARTS, WRITERS, verified));
  }

  /** The same load over NFSv4.2, with a lock that only a reclaim can keep. */
  @Test
  void stateIsReclaimedUnderLoadWhenTheServerComesBack(Guest guest) throws Exception {
    // the other test leaves the server dead
    server.kill();
    server.restart();
    Steps.mountVersion(guest, server, "state", "4.2");
    try {
      guest.check(
          LIMIT,
          """
          rm -f /tmp/stop /tmp/exit* /tmp/out* /tmp/progress* /tmp/lock*; : >/mnt/state/locked
          range_locks /mnt/state/locked write 0 10 touch /tmp/lock-held await /tmp/lock-go >/tmp/lock 2>&1 &
          n=0; while [ ! -e /tmp/lock-held ]; do n=$((n + 1)); [ $n -lt 600 ] || exit 9; sleep 0.1; done
          """);
      for (int writer = 0; writer < WRITERS; writer++) {
        guest.check(LIMIT, WRITE.formatted("state", writer, SEED + writer, RECORDS));
      }
      long written = awaitProgress(guest, 0);
      server.kill();
      server.restart();
      assertThat(awaitProgress(guest, written)).isGreaterThan(written);
      String verified = stopAndVerify(guest, "state");

      guest.check(
          LIMIT,
          "mkdir -p /mnt/other && mount -t nfs -o vers=4.1,tcp,sec=sys,port=%d %s:/state /mnt/other"
              .formatted(server.port(), Guest.HOST));
      String other =
          guest.check(
              LIMIT,
              """
              range_locks /mnt/other/locked test 0 100 2>&1
              touch /tmp/lock-go
              """);
      assertThat(other).as("held since before the restart").isEqualTo("write 0 10");
      tell("restart under load over 4.2", "the lock was reclaimed\n" + verified);
    } finally {
      guest.run(LIMIT, "touch /tmp/lock-go /tmp/stop; killall -9 range_locks");
      Steps.unmount(guest, "other");
      Steps.unmount(guest, "state");
    }
  }

  /** Waits until every writer got on since a sum of writes; returns the sum. */
  private static long awaitProgress(Guest guest, long since) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + PROGRESS_LIMIT.toNanos();
    long sum = since;
    while (sum <= since + 2L * WRITERS * 32) {
      assertThat(System.nanoTime())
          .as("seed %d: the writers stopped at %d writes", SEED, sum)
          .isLessThan(deadlineNanos);
      TimeUnit.MILLISECONDS.sleep(200);
      String counts = guest.run(LIMIT, "cat /tmp/progress* 2>/dev/null").text();
      sum = counts.lines().filter(line -> !line.isBlank()).mapToLong(Long::parseLong).sum();
      String ended = guest.run(LIMIT, "cat /tmp/exit* 2>/dev/null; grep . /tmp/out*").text();
      assertThat(ended).as("seed %d: a writer ended by itself", SEED).isEmpty();
    }
    return sum;
  }

  private static String stopAndVerify(Guest guest, String volume) {
    guest.check(LIMIT, "touch /tmp/stop");
    StringBuilder told = new StringBuilder();
    for (int writer = 0; writer < WRITERS; writer++) {
      String script =
          """
          n=0
          while [ ! -e /tmp/exit%1$d ]; do
            n=$((n + 1)); [ $n -lt 600 ] || exit 9
            sleep 0.2
          done
          cat /tmp/out%1$d
          [ "$(cat /tmp/exit%1$d)" = 0 ] && records verify /mnt/%4$s/w%1$d %2$d %3$d /tmp/model%1$d 2>&1
          """;
      told.append(
          guest
              .check(PROGRESS_LIMIT, script.formatted(writer, SEED + writer, RECORDS, volume))
              .replace('\n', ' '));
      told.append('\n');
    }
    return told.toString().strip();
  }
}
