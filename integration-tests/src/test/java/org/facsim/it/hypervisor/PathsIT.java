/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.HostSide;
import org.facsim.hypervisor.datastore.LockKeeper;
import org.facsim.hypervisor.datastore.PathState;
import org.facsim.hypervisor.datastore.Patience;
import org.facsim.hypervisor.log.HostEvent;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.junit.jupiter.api.Test;

/** Servers that fall silent, go, or are replaced behind a mounted datastore; time is stepped. */
class PathsIT extends HostsOnOneArray {
  private static void assertAllPathsDown(Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            DatastoreException.class,
            e -> assertThat(e.error()).isEqualTo(DatastoreError.ALL_PATHS_DOWN));
  }

  /**
   * A path that was silent is not waited for long when time passes; its answer comes all the same.
   */
  private static void awaitAccessible(Datastore datastore) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .atMost(Duration.ofSeconds(30))
        .until(() -> datastore.pathState() == PathState.ACCESSIBLE);
  }

  private List<String> eventsOf(String host) {
    return events.stream().filter(event -> event.host().equals(host)).map(HostEvent::type).toList();
  }

  /** A server that does not read: the window is zero, for the one connection of one host. */
  private void closeTheWindowOf(String hostName) {
    array
        .faults()
        .add(
            FaultRule.of(new FaultAction.StopReading(Optional.empty()))
                .host(hostName)
                .count(1)
                .rule());
  }

  @Test
  void oneHostOfTwoIsInAllPathsDownAndANewMountHelps() throws Exception {
    SimulatedHost first = host("esx1");
    SimulatedHost second = host("esx2");
    Datastore stuck = first.mount(one("ds1"));
    Datastore fine = second.mount(one("ds1"));
    DatastoreFile disk = stuck.create("disk");
    DatastoreFile other = fine.create("other");

    closeTheWindowOf("esx1");
    pass(24); // the second heartbeat: the server answers what it read last
    CompletableFuture<DatastoreFile.Written> ofGuest = guestWrites(disk);
    CompletableFuture<List<String>> ofHost =
        CompletableFuture.supplyAsync(() -> stuck.list(""), time.workers());
    pass(124);
    assertThat(stuck.pathState()).isEqualTo(PathState.ACCESSIBLE);
    pass(1);
    assertThat(stuck.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN);
    pass(139);
    assertThat(stuck.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN);
    assertThat(ofHost).isNotDone();
    pass(1);
    assertThat(stuck.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN_TIMEOUT);
    assertThat(ofHost).failsWithin(Duration.ofSeconds(30));
    assertAllPathsDown(() -> stuck.list(""));
    assertAllPathsDown(() -> stuck.create("new"));
    pass(600);
    assertThat(ofGuest).as("the guest waits").isNotDone();
    assertThat(fine.pathState()).isEqualTo(PathState.ACCESSIBLE);
    assertThat(guestWrites(other).get(30, TimeUnit.SECONDS).countBytes()).isEqualTo(5);
    assertThat(eventsOf("esx2")).isEmpty();
    assertThat(eventsOf("esx1"))
        .containsExactly(HostEvent.NFS_DISCONNECT, HostEvent.APD_START, HostEvent.APD_TIMEOUT);
    assertThat(first.log().lines("after being in the All Paths Down state for 140 seconds"))
        .singleElement()
        .asString()
        .startsWith("2026-01-01T00:04:49.000Z ")
        .endsWith("I/Os will now be fast failed.");

    first.unmount("ds1");
    assertThat(ofGuest).failsWithin(Duration.ofSeconds(30));
    assertThat(first.mount(one("ds1"))).isSameAs(stuck);
    assertThat(stuck.pathState()).isEqualTo(PathState.ACCESSIBLE);
    assertThat(guestWrites(disk).get(30, TimeUnit.SECONDS).countBytes()).isEqualTo(5);
    assertThat(stuck.list("")).contains("disk", "other");
  }

  @Test
  void anotherConnectionHelpsAgainstAZeroWindowAndNothingIsLost() throws Exception {
    SimulatedHost host = host("esx1");
    Datastore datastore = host.mount(one("ds1"));
    DatastoreFile disk = datastore.create("disk");
    closeTheWindowOf("esx1");
    pass(24);
    CompletableFuture<DatastoreFile.Written> ofGuest = guestWrites(disk);
    pass(130);
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN);

    host.setConnections("ds1", 2);
    host.setConnections("ds1", 1);
    assertThat(ofGuest.get(30, TimeUnit.SECONDS).countBytes()).isEqualTo(5);
    assertThat(datastore.pathState()).isEqualTo(PathState.ACCESSIBLE);
    assertThat(eventsOf("esx1")).endsWith(HostEvent.NFS_RESTORED, HostEvent.APD_RECOVERED);
  }

  @Test
  void afterTheTimerHasRunOutTheServersAnswerMakesEverythingWorkAgain() throws Exception {
    SimulatedHost host = host("esx1");
    Datastore datastore = host.mount(one("ds1"));
    DatastoreFile disk = datastore.create("disk");
    silence("esx1");
    pass(12);
    CompletableFuture<DatastoreFile.Written> ofGuest = guestWrites(disk);
    pass(300);
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN_TIMEOUT);
    array.faults().clear();
    pass(12);
    awaitAccessible(datastore);
    assertThat(datastore.list("")).containsExactly("disk");
    pass(125);
    assertThat(ofGuest.get(30, TimeUnit.SECONDS).countBytes()).isEqualTo(5);
    assertThat(host.log().lines("has exited the All Paths Down state")).hasSize(1);
  }

  @Test
  void theSettingsSayWhenADatastoreIsDownAndWhenItIsGivenUp() {
    SimulatedHost host =
        host(
            HostOptions.named("esx1")
                .withAdvancedSetting("/NFS/HeartbeatFrequency", 10)
                .withAdvancedSetting("/NFS/HeartbeatMaxFailures", 2)
                .withAdvancedSetting("/NFS/HeartbeatTimeout", 3)
                .withAdvancedSetting("/Misc/APDTimeout", 20));
    Datastore datastore = host.mount(one("ds1"));
    silence("esx1");
    pass(10 + 22);
    assertThat(datastore.pathState()).isEqualTo(PathState.ACCESSIBLE);
    pass(1);
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN);
    pass(19);
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN);
    pass(1);
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN_TIMEOUT);
  }

  @Test
  void withoutApdHandlingNothingIsGivenUp() {
    SimulatedHost host =
        host(HostOptions.named("esx1").withAdvancedSetting("/Misc/APDHandlingEnable", 0));
    Datastore datastore = host.mount(one("ds1"));
    silence("esx1");
    pass(12);
    CompletableFuture<List<String>> names =
        CompletableFuture.supplyAsync(() -> datastore.list(""), time.workers());
    pass(900);
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN);
    assertThat(names).isNotDone();
    assertThat(eventsOf("esx1")).doesNotContain(HostEvent.APD_TIMEOUT);
  }

  @Test
  void noHeartbeatIsSentSoonAfterTheServerHasAnswered() {
    SimulatedHost host =
        host(HostOptions.named("esx1").withAdvancedSetting("/NFS/HeartbeatDelta", 30));
    Datastore datastore = host.mount(one("ds1"));
    silence("esx1");
    pass(24);
    assertThat(array.faults().list().get(0).hits()).isZero();
    pass(12);
    assertThat(array.faults().list().get(0).hits()).isEqualTo(1);
    assertThat(datastore.status().accessible()).isTrue();
  }

  /** Another array at the same address, which knows none of the handles. */
  private void replaceTheArray(long seed) throws Exception {
    int port = array.nfsAddress().getPort();
    array.close();
    array = builder().nfsPort(port).seed(seed).start();
  }

  @Test
  void anExportWhoseRootIsGoneIsMountedAgain() throws Exception {
    SimulatedHost host = host("esx1");
    Datastore datastore = host.mount(one("ds1"));
    DatastoreFile file = datastore.create("file");
    FacsimArray before = array;
    replaceTheArray(2);
    assertThat(array).isNotSameAs(before);
    pass(12);
    // the heartbeat was answered with STALE, and the export mounted again at once
    assertThat(host.log().lines("Failed to get attributes of ds1")).hasSize(1);
    assertThat(host.log().lines("Restored connection to the server")).hasSize(1);
    assertThat(datastore.status().accessible()).isTrue();
    assertThat(datastore.list("")).isEmpty();
    assertThatThrownBy(file::sizeBytes)
        .isInstanceOfSatisfying(
            DatastoreException.class, e -> assertThat(e.error()).isEqualTo(DatastoreError.STALE));
  }

  @Test
  void aServerThatWasSwappedIsNoticedByShortReads() throws Exception {
    SimulatedHost host = host("esx1");
    Datastore datastore = host.mount(one("ds1"));
    DatastoreFile file = datastore.create("file");
    file.writeStable(0, new byte[8192]);
    assertThat(file.readFully(0, 8192)).hasSize(8192);
    assertThat(host.log().lines("Short read")).isEmpty();

    replaceTheArray(1); // the same handles, other contents
    host("esx2").mount(one("ds1")).create("file").writeStable(0, new byte[4096]);
    CompletableFuture<byte[]> read =
        CompletableFuture.supplyAsync(() -> file.readFully(0, 8192), time.workers());
    while (!read.isDone()) {
      time.advance(Duration.ofMillis(200)); // the connection is made again
      Thread.onSpinWait();
    }
    assertThatThrownBy(read::join).hasMessageContaining("file ends at 4096");
    assertThat(host.log().lines("Short read for object"))
        .first()
        .asString()
        .endsWith("(file): offset: 0x0, requested: 0x2000, read: 0x1000");
  }

  @Test
  void aHostThatDiesLeavesItsLocksAndAnotherTakesThemOver() {
    SimulatedHost dying = host("esx1");
    Datastore datastore = dying.mount(one("ds1"));
    VirtualMachine vm = TestVms.small(dying, datastore, "vm");
    vm.powerOn();
    SimulatedHost heir = host("esx2");
    Datastore there = heir.mount(one("ds1"));
    List<String> files = there.list("vm");

    dying.crash();
    pass(35);
    assertThat(there.list("vm")).as("locks stay").isEqualTo(files);
    assertThat(files).filteredOn(name -> name.startsWith(".lck-")).isNotEmpty();
    assertThat(dying.log().lines("Failed")).isEmpty();
    pass(1);
    LockKeeper keeper =
        new LockKeeper(new HostSide("esx2", time, heir.settings(), heir.log(), Patience.ESXI));
    keeper.lock(there, there.open("vm/vm-flat.vmdk"));
    keeper.close();
    assertThat(heir.log().lines("held by esx1 is stale; breaking the lock")).hasSize(1);
    dying.close();
  }

  @Test
  void aHostGoesBackToWhatItWasWithTheArray() {
    SimulatedHost host = host("esx1");
    Datastore datastore = host.mount(one("ds1").withConnections(2));
    VirtualMachine vm = TestVms.small(host, datastore, "vm");
    vm.powerOn();
    array.control().states().save("start");
    SimulatedHost.Saved saved = host.save();

    host.settings().set("/NFS/HeartbeatFrequency", 60);
    host.setConnections("ds1", 1);
    host.mount(two("ds2"));
    vm.powerOff();
    pass(100);
    array.control().states().restore("start");
    host.restore(saved);

    assertThat(host.settings().get("/NFS/HeartbeatFrequency")).isEqualTo(12);
    assertThat(host.datastores()).containsExactly(datastore);
    assertThat(datastore.status().connections()).isEqualTo(2);
    assertThat(host.log().lines()).isEmpty();
    pass(60); // the restored lock files are rewritten although their stamps were old
    SimulatedHost other = host("esx2");
    Datastore there = other.mount(one("ds1"));
    LockKeeper keeper =
        new LockKeeper(new HostSide("esx2", time, other.settings(), other.log(), Patience.ESXI));
    assertThatThrownBy(() -> keeper.lock(there, there.open("vm/vm-flat.vmdk")))
        .hasMessage("vm/vm-flat.vmdk is locked by esx1");
    keeper.close();
    assertThat(host.log().lines("NFSLock")).isEmpty();
  }

  @Test
  void aHostWhoseServerIsSilentIsClosedAllTheSame() {
    SimulatedHost host = host("esx1");
    Datastore datastore = host.mount(one("ds1"));
    VirtualMachine vm = TestVms.small(host, datastore, "vm");
    vm.powerOn();
    silence("esx1");
    long startNanos = System.nanoTime();
    host.close();
    assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(60));
  }
}
