/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.facsim.hypervisor.time.SteppedTime;
import org.junit.jupiter.api.Test;

/**
 * Two hosts that break one stale lock at once. A seed decides after each call which of the two may
 * make its next one, so that each seed is one interleaving, and the same each time.
 */
class LockBreakTest {
  private static final int SEEDS = 1_000;
  private static final int HOSTS = 2;

  private final SteppedTime time = new SteppedTime();
  private final FakeMount mount = new FakeMount(time);

  /** Lets one of the hosts that still run make one call at a time. */
  private static final class Turns {
    private final Random random;
    private final List<Semaphore> mayCall = new ArrayList<>();
    private final List<Integer> running = new ArrayList<>();

    Turns(long seed) {
      random = new Random(seed);
      for (int host = 0; host < HOSTS; host++) {
        mayCall.add(new Semaphore(0));
        running.add(host);
      }
      passOn();
    }

    /** Before a host's first call, and after each one: waits for its turn. */
    void await(int host) {
      try {
        assertThat(mayCall.get(host).tryAcquire(60, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    synchronized void passOn() {
      if (!running.isEmpty()) {
        mayCall.get(running.get(random.nextInt(running.size()))).release();
      }
    }

    synchronized void ended(int host) {
      running.remove((Integer) host);
    }
  }

  @Test
  void exactlyOneOfTwoHostsThatBreakOneLockAtOnceWins() throws Exception {
    ThreadLocal<Integer> hostOfThread = new ThreadLocal<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      DatastoreFile file = mount.datastore.create("disk" + seed);
      mount.files.beforeCall = () -> {};
      LockTimes times = LockTimes.byDefault(time.clock());
      FileLock.acquire(mount.datastore, file, "dead", times);
      time.advance(Duration.ofSeconds(36));

      Turns turns = new Turns(seed);
      mount.files.beforeCall =
          () -> {
            Integer host = hostOfThread.get();
            if (host != null) {
              turns.passOn();
              turns.await(host);
            }
          };
      List<CompletableFuture<FileLock>> races = new ArrayList<>();
      for (int host = 0; host < HOSTS; host++) {
        int number = host;
        races.add(
            CompletableFuture.supplyAsync(
                () -> {
                  hostOfThread.set(number);
                  turns.await(number);
                  try {
                    return FileLock.acquire(mount.datastore, file, "esx" + number, times);
                  } catch (DatastoreException e) {
                    assertThat(e.error()).as(e.getMessage()).isEqualTo(DatastoreError.LOCKED);
                    return null;
                  } finally {
                    hostOfThread.remove();
                    turns.ended(number);
                    turns.passOn();
                  }
                },
                time.workers()));
      }
      List<FileLock> winners = new ArrayList<>();
      for (CompletableFuture<FileLock> race : races) {
        FileLock lock = race.get(60, TimeUnit.SECONDS);
        if (lock != null) {
          winners.add(lock);
        }
      }
      mount.files.beforeCall = () -> {};
      assertThat(winners).as("seed %d", seed).hasSize(1);
      winners.get(0).refresh();
      winners.get(0).release();
      assertThat(mount.datastore.list("").stream().filter(name -> name.startsWith(".lck-")))
          .as("seed %d", seed)
          .isEmpty();
      mount.datastore.remove("disk" + seed);
    }
    assertThat(mount.host.log().lines("breaking the lock")).isNotEmpty();
  }
}
