/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.facsim.services.journal.CallCount.atLeast;
import static org.facsim.services.journal.CallCount.exactly;
import static org.facsim.services.journal.CallFilter.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.DatastoreMounts;
import org.facsim.hypervisor.datastore.HostNetwork;
import org.facsim.hypervisor.datastore.HostSide;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.datastore.MountOptions;
import org.facsim.hypervisor.datastore.PathState;
import org.facsim.hypervisor.datastore.Patience;
import org.facsim.hypervisor.log.HostEvent;
import org.facsim.hypervisor.time.SteppedTime;
import org.facsim.services.calls.Door;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.JournalEntry.Outcome;
import org.junit.jupiter.api.Test;

/** The numbered scenarios in which somebody is silent. Time passes when the test says so. */
class SilenceScenariosIT extends FaultScenarios {
  private static final String LOCKED_FILE = "vm-flat.vmdk";

  /** That of the hosts; {@code clock} is the array's. */
  private final SteppedTime time = new SteppedTime();

  private void pass(long seconds) {
    clock.advance(Duration.ofSeconds(seconds));
    time.advance(Duration.ofSeconds(seconds));
  }

  /** Answers come by the machine's time. */
  private static void eventually(Callable<Boolean> condition) {
    await().pollInterval(Duration.ofMillis(5)).atMost(Duration.ofSeconds(30)).until(condition);
  }

  /** What a host locks with: a mount and a keeper. */
  private final class LockingHost implements AutoCloseable {
    final HostNetwork network;
    final DatastoreMounts mounts;
    final Datastore datastore;
    final LockKeeper keeper;
    final HostSide side;

    LockingHost(String name) {
      side = HostSide.of(name, time, Patience.ESXI);
      network = HostNetwork.start(1, name);
      mounts = new DatastoreMounts(side, 1, network);
      datastore = mounts.mount(MountOptions.of("ds1", array.nfsAddress(), "/one"));
      keeper = new LockKeeper(side);
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
      mounts.close();
      network.close();
    }
  }

  @Test
  void scenario35_whileALockHolderIsSilentFor36SecondsASecondHostTakesItsLockOver() {
    try (LockingHost holder = new LockingHost("esx1");
        LockingHost second = new LockingHost("esx2")) {
      DatastoreFile disk = holder.datastore.create(LOCKED_FILE);
      holder.keeper.lock(holder.datastore, disk);
      String lock = "/one/" + holder.datastore.list("").stream().sorted().findFirst().orElseThrow();
      assertThat(lock).startsWith("/one/.lck-");
      pass(40); // four updates of the lock
      second.assertLockedOut("esx1");

      fault("{\"doors\": [\"nfs\"], \"host\": \"esx1\"}", "{\"noAnswer\": true}");
      pass(34);
      second.assertLockedOut("esx1");
      pass(2);
      second.lock();
      CallFilter removals = calls().door(Door.NFS).procedure("REMOVE").path(lock);
      array.journal().verify(removals.status("OK"), exactly(1));
      array.journal().verify(calls().fault("any").outcome(Outcome.ANSWERED), exactly(0));
      assertThat(second.side.log().lines("breaking the lock")).hasSize(1);
      assertThat(holder.side.log().lines("Failed to update lock")).isNotEmpty();
      assertThat(holder.keeper.holds(holder.datastore, LOCKED_FILE)).isTrue();

      clearFaults(); // what the holder sends again finds its lock gone
      pass(Patience.ESXI.callTimeout().toSeconds());
      eventually(() -> !holder.keeper.holds(holder.datastore, LOCKED_FILE));
      CallFilter writes = calls().door(Door.NFS).procedure("WRITE").status("STALE");
      array.journal().verify(writes, exactly(1));
      assertThat(holder.side.log().lines("Stop accessing")).hasSize(1);
      holder.assertLockedOut("esx2");
      pass(20);
      array.journal().verify(writes, exactly(1)); // it has given the lock up
    }
  }

  @Test
  void scenario36_aServerThatIsSilentFor150SecondsIsAllPathsDownAndThenRecovers() throws Exception {
    host =
        new SimulatedHost(HostOptions.named("esx1").withTime(time).withConnectionsPerDatastore(1));
    List<HostEvent> events = new ArrayList<>();
    host.log().listen(events::add);
    datastore = host.mount("ds1", array.nfsAddress(), "/one");
    datastore.create("file");
    assertThat(datastore.pathState()).isEqualTo(PathState.ACCESSIBLE);

    preset("apd", "");
    CompletableFuture<List<String>> names = CompletableFuture.supplyAsync(() -> datastore.list(""));
    pass(12); // the first heartbeat that is not answered
    pass(124);
    assertThat(datastore.pathState()).isEqualTo(PathState.ACCESSIBLE);
    pass(1);
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN);
    assertThat(datastore.status().accessible()).isFalse();
    assertThat(names).isNotDone();
    array.journal().verify(calls().door(Door.NFS).fault("any"), atLeast(10));
    array.journal().verify(calls().fault("any").outcome(Outcome.ANSWERED), exactly(0));

    pass(24); // 150 s: the preset's time is over
    eventually(() -> datastore.pathState() == PathState.ACCESSIBLE);
    pass(Patience.ESXI.callTimeout().toSeconds());
    assertThat(names.get(30, TimeUnit.SECONDS)).containsExactly("file");
    assertThat(events)
        .extracting(HostEvent::type)
        .containsSubsequence(HostEvent.APD_START, HostEvent.APD_RECOVERED)
        .doesNotContain(HostEvent.APD_TIMEOUT);
    assertThat(host.log().lines("APD Timer started for ident")).hasSize(1);
    array
        .journal()
        .after(calls().fault("any"))
        .verify(calls().door(Door.NFS).fault("none").outcome(Outcome.ANSWERED), atLeast(1));
  }
}
