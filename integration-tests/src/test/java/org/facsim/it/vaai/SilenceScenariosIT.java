/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.facsim.services.journal.CallCount.atLeast;
import static org.facsim.services.journal.CallCount.exactly;
import static org.facsim.services.journal.CallFilter.calls;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.DatastoreMounts;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.datastore.PathState;
import org.facsim.hypervisor.datastore.Patience;
import org.facsim.services.calls.Door;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.JournalEntry.Outcome;
import org.junit.jupiter.api.Test;

/** The numbered scenarios in which somebody is silent. Time passes when the test says so. */
class SilenceScenariosIT extends FaultScenarios {
  private static final Duration CALL_TIMEOUT = Duration.ofMillis(200);
  private static final String LOCKED_FILE = "vm-flat.vmdk";

  /** Runs the beat of a lock keeper when the test says so; the period is left out. */
  private static final class Beats extends ScheduledThreadPoolExecutor {
    private Runnable beat;

    Beats() {
      super(1);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable command, long initialDelay, long delay, TimeUnit unit) {
      beat = command;
      return super.scheduleWithFixedDelay(command, 1, 1, TimeUnit.DAYS);
    }
  }

  /** What a host locks with: a mount and a keeper. */
  private final class LockingHost implements AutoCloseable {
    final Beats heartbeats = new Beats();
    final Beats lockBeats = new Beats();
    final DatastoreMounts mounts;
    final Datastore datastore;
    final LockKeeper keeper;

    LockingHost(String name) {
      Patience patience = Patience.ESXI.waiting(CALL_TIMEOUT, Duration.ofMillis(5));
      mounts = new DatastoreMounts(name, 1, clock, patience, heartbeats);
      datastore = mounts.mount("ds1", array.nfsAddress(), "/one");
      keeper = new LockKeeper(name, clock, lockBeats);
    }

    CompletableFuture<Void> beat() {
      return CompletableFuture.runAsync(lockBeats.beat, lockBeats);
    }

    void lock() {
      keeper.lock(datastore, datastore.open(LOCKED_FILE));
    }

    void assertLockedOut(String holder) {
      assertThatThrownBy(this::lock)
          .isInstanceOfSatisfying(
              DatastoreException.class, e -> assertThat(e.error()).isEqualTo(DatastoreError.LOCKED))
          .hasMessageContaining("locked by " + holder);
    }

    @Override
    public void close() {
      keeper.close();
      lockBeats.shutdownNow();
      heartbeats.shutdownNow();
      mounts.close();
    }
  }

  @Test
  void scenario35_whileALockHolderIsSilentFor36SecondsASecondHostTakesItsLockOver()
      throws Exception {
    try (LockingHost holder = new LockingHost("esx1");
        LockingHost second = new LockingHost("esx2")) {
      DatastoreFile disk = holder.datastore.create(LOCKED_FILE);
      holder.keeper.lock(holder.datastore, disk);
      String lock = "/one/" + holder.datastore.list("").stream().sorted().findFirst().orElseThrow();
      assertThat(lock).startsWith("/one/.lck-");
      for (int beat = 0; beat < 4; beat++) {
        clock.advance(Duration.ofSeconds(10));
        holder.beat().get(30, TimeUnit.SECONDS);
      }
      second.assertLockedOut("esx1");

      fault("{\"doors\": [\"nfs\"], \"host\": \"esx1\"}", "{\"noAnswer\": true}");
      CompletableFuture<Void> unanswered = holder.beat();
      awaitHits(1);
      clock.advance(Duration.ofSeconds(34));
      second.assertLockedOut("esx1");
      clock.advance(Duration.ofSeconds(2));
      second.lock();
      CallFilter removals = calls().door(Door.NFS).procedure("REMOVE").path(lock);
      array.journal().verify(removals.status("OK"), exactly(1));
      array.journal().verify(calls().fault("any").outcome(Outcome.ANSWERED), exactly(0));
      assertThat(unanswered).isNotDone();

      clearFaults(); // what the holder sends again finds its lock gone
      unanswered.get(30, TimeUnit.SECONDS);
      CallFilter writes = calls().door(Door.NFS).procedure("WRITE").status("STALE");
      array.journal().verify(writes, exactly(1));
      holder.assertLockedOut("esx2");
      holder.beat().get(30, TimeUnit.SECONDS);
      array.journal().verify(writes, exactly(1)); // it has given the lock up
    }
  }

  private void awaitHits(int count) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(30))
        .until(() -> array.faults().list().get(0).hits() >= count);
  }

  @Test
  void scenario36_aServerThatIsSilentFor150SecondsIsAllPathsDownAndThenRecovers() throws Exception {
    host =
        new SimulatedHost(hastyHost(CALL_TIMEOUT).withClock(clock).withConnectionsPerDatastore(1));
    datastore = host.mount("ds1", array.nfsAddress(), "/one");
    datastore.create("file");
    assertThat(datastore.pathState()).isEqualTo(PathState.ACCESSIBLE);

    preset("apd", "");
    CompletableFuture<List<String>> names = CompletableFuture.supplyAsync(() -> datastore.list(""));
    awaitHits(2); // sent again: the first silence is noted
    clock.advance(Duration.ofSeconds(124));
    assertThat(datastore.pathState()).isEqualTo(PathState.ACCESSIBLE);
    clock.advance(Duration.ofSeconds(2));
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN);
    assertThat(names).isNotDone();
    array.journal().verify(calls().door(Door.NFS).fault("any"), atLeast(2));
    array.journal().verify(calls().fault("any").outcome(Outcome.ANSWERED), exactly(0));

    clock.advance(Duration.ofSeconds(24)); // 150 s: the preset's time is over
    assertThat(names.get(30, TimeUnit.SECONDS)).containsExactly("file");
    assertThat(datastore.pathState()).isEqualTo(PathState.ACCESSIBLE);
    array
        .journal()
        .after(calls().fault("any"))
        .verify(calls().door(Door.NFS).fault("none").outcome(Outcome.ANSWERED), atLeast(1));
  }
}
