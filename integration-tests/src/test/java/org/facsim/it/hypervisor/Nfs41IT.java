/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.facsim.embedded.ArrayBuilder;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.MountOptions;
import org.facsim.hypervisor.datastore.MountVersion;
import org.facsim.hypervisor.datastore.PathState;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.datastore.VaaiCounter;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.operation.RegisterRequest;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.services.access.ExportSyntax;
import org.facsim.services.faults.FaultAction;
import org.facsim.services.faults.FaultRule;
import org.junit.jupiter.api.Test;

/** Hosts that mount over NFSv4.1; time is stepped, and leases run out by it. */
class Nfs41IT extends HostsOnOneArray {
  private static final String SECOND_ADDRESS = "127.0.0.2";

  @Override
  ArrayBuilder builder() {
    return super.builder()
        .listen(new InetSocketAddress(0).getAddress())
        .volume("old", 1L << 30)
        .export("old", ExportSyntax.parseRules("*(rw,no_root_squash,vers=3)"));
  }

  private InetSocketAddress at(String address) {
    return new InetSocketAddress(address, array.nfsAddress().getPort());
  }

  private MountOptions over41(String label, String export) {
    return MountOptions.of(label, at("127.0.0.1"), export).overNfs41(List.of());
  }

  private SimulatedHost esxi(String name) {
    return host(
        HostOptions.named(name)
            .withVersion(EsxiVersion.parse("8.0"))
            .withConnectionsPerDatastore(1));
  }

  private Datastore mounted(SimulatedHost host) {
    return host.mount(over41("ds1", "/one"));
  }

  /** What is tried again after a time needs time to pass. */
  private void whileTimePasses(Runnable work) {
    CompletableFuture<Void> done = CompletableFuture.runAsync(work, time.workers());
    await()
        .pollInterval(Duration.ofMillis(10))
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              time.advance(Duration.ofMillis(200));
              return done.isDone();
            });
    done.join();
  }

  private static void assertFails(DatastoreError error, String message, Runnable call) {
    assertThatThrownBy(call::run)
        .isInstanceOfSatisfying(
            DatastoreException.class, e -> assertThat(e.error()).isEqualTo(error))
        .hasMessageContaining(message);
  }

  private static VirtualMachine registered(SimulatedHost host, Datastore on, String path)
      throws Exception {
    return host.operations().register(new RegisterRequest(on, path)).await();
  }

  @Test
  void filesAreMadeReadWrittenListedAndRemoved() {
    Datastore datastore = mounted(esxi("esx1"));
    assertThat(datastore.version()).isEqualTo(MountVersion.NFS41);
    assertThat(datastore.status().accessible()).isTrue();
    datastore.makeDirectory("dir");
    datastore.writeText("dir/a", "the first text, which is long");
    datastore.writeText("dir/a", "second");
    assertThat(datastore.readText("dir/a").strip()).isEqualTo("second");
    DatastoreFile file = datastore.create("dir/b");
    file.setSizeBytes(1 << 20);
    assertThat(file.sizeBytes()).isEqualTo(1 << 20);
    assertFails(DatastoreError.ALREADY_EXISTS, "EXIST", () -> datastore.create("dir/b"));
    assertThat(datastore.list("dir")).containsExactlyInAnyOrder("a", "b");
    datastore.remove("dir/b");
    assertThat(datastore.list("dir")).containsExactly("a");
    assertFails(DatastoreError.NOT_FOUND, "NOENT", () -> datastore.open("dir/b"));
  }

  @Test
  void aRunningVmIsLockedByShareReservationsAndWithoutLockFiles() throws Exception {
    SimulatedHost first = esxi("esx1");
    SimulatedHost second = esxi("esx2");
    Datastore here = mounted(first);
    Datastore there = mounted(second);
    VirtualMachine vm = TestVms.small(first, here, "vm");
    VirtualMachine same = registered(second, there, "vm/vm.vmx");
    vm.powerOn();
    vm.writeGuestData(TransferProgress.NONE);
    assertThat(here.list("vm")).noneMatch(name -> name.startsWith(".lck-"));
    assertFails(DatastoreError.LOCKED, "SHARE_DENIED", same::powerOn);
    DatastoreFile flat = there.open("vm/vm-flat.vmdk");
    assertFails(DatastoreError.LOCKED, "LOCKED", () -> flat.readFully(0, 512));
    assertFails(DatastoreError.LOCKED, "LOCKED", () -> flat.setSizeBytes(0));
    vm.powerOff();
    same.powerOn();
    assertFails(DatastoreError.LOCKED, "SHARE_DENIED", vm::powerOn);
  }

  @Test
  void theLocksOfADeadHostAreThereUntilItsLeaseHasRunOut() throws Exception {
    SimulatedHost first = esxi("esx1");
    SimulatedHost second = esxi("esx2");
    VirtualMachine vm = TestVms.small(first, mounted(first), "vm");
    VirtualMachine same = registered(second, mounted(second), "vm/vm.vmx");
    vm.powerOn();
    pass(600); // heartbeats renew the lease
    assertFails(DatastoreError.LOCKED, "SHARE_DENIED", same::powerOn);
    first.crash();
    pass(80);
    assertFails(DatastoreError.LOCKED, "SHARE_DENIED", same::powerOn);
    pass(20);
    same.powerOn();
    assertThat(same.poweredOn()).isTrue();
  }

  @Test
  void aCloneIsOffloadedInASessionOfNfs41() throws Exception {
    SimulatedHost host = esxi("esx1");
    Datastore datastore = mounted(host);
    VirtualMachine vm = TestVms.small(host, datastore, "vm");
    vm.powerOn();
    vm.writeGuestData(TransferProgress.NONE);
    CloneResult hot = host.cloneVm(vm, new CloneRequest("hot", datastore));
    assertThat(hot.clonedBy()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    Datastore other = host.mount(over41("ds2", "/two"));
    CompletableFuture<CloneResult> polled = // the array copies, and the host asks how far it is
        CompletableFuture.supplyAsync(
            () -> host.cloneVm(vm, new CloneRequest("across", other)), time.workers());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              pass(1);
              return polled.isDone();
            });
    CloneResult across = polled.get(1, TimeUnit.SECONDS);
    assertThat(across.clonedBy()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(other.vaaiCounters().of(VaaiCounter.FULL_CLONE_SUCCESS)).isPositive();
    assertThat(datastore.hardwareAcceleration().unmap()).as("not over NFS 4.1").isFalse();
    hot.vm().powerOn();
  }

  @Test
  void twoHostsThatPowerOnAtOnceGetOneWinner() throws Exception {
    SimulatedHost first = esxi("esx1");
    SimulatedHost second = esxi("esx2");
    VirtualMachine here = TestVms.small(first, mounted(first), "vm");
    VirtualMachine there = registered(second, mounted(second), "vm/vm.vmx");
    for (int round = 0; round < 30; round++) {
      List<CompletableFuture<Boolean>> tries = new ArrayList<>();
      for (VirtualMachine each : List.of(here, there)) {
        tries.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    each.powerOn();
                    return true;
                  } catch (DatastoreException e) {
                    assertThat(e.error()).isEqualTo(DatastoreError.LOCKED);
                    return false;
                  }
                },
                time.workers()));
      }
      long winners = 0;
      for (CompletableFuture<Boolean> each : tries) {
        winners += each.get(30, TimeUnit.SECONDS) ? 1 : 0;
      }
      assertThat(winners).as("round " + round).isEqualTo(1);
      here.powerOff();
      there.powerOff();
    }
  }

  @Test
  void repliesThatAreLostAreAnsweredFromMemory() throws Exception {
    SimulatedHost host = esxi("esx1");
    Datastore datastore = mounted(host);
    for (String operation : List.of("OPEN", "CREATE", "REMOVE", "SETATTR", "WRITE", "CLOSE")) {
      array
          .faults()
          .add(FaultRule.of(new FaultAction.Close(true)).procedure(operation).count(1).rule());
    }
    CompletableFuture<Void> worked =
        CompletableFuture.runAsync(
            () -> {
              datastore.makeDirectory("dir");
              DatastoreFile file = datastore.create("dir/file");
              file.setSizeBytes(4096);
              file.writeStable(0, new byte[512]);
              datastore.remove("dir/file");
              VirtualMachine vm = TestVms.small(host, datastore, "vm");
              vm.powerOn();
              vm.powerOff();
            },
            time.workers());
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              pass(1);
              return worked.isDone();
            });
    worked.get(1, TimeUnit.SECONDS);
    assertThat(datastore.list("dir")).isEmpty();
  }

  @Test
  void aRestartOfTheArrayIsSurvivedByRunningVms() throws Exception {
    SimulatedHost first = esxi("esx1");
    SimulatedHost second = esxi("esx2");
    Datastore here = mounted(first);
    VirtualMachine vm = TestVms.small(first, here, "vm");
    VirtualMachine same = registered(second, mounted(second), "vm/vm.vmx");
    vm.powerOn();
    vm.writeGuestData(TransferProgress.NONE);
    for (int round = 0; round < 2; round++) {
      array.restart();
      pass(13); // the heartbeat finds out
      DatastoreFile flat = here.open("vm/vm-flat.vmdk").ofVirtualMachine();
      CompletableFuture<byte[]> read =
          CompletableFuture.supplyAsync(() -> flat.readFully(0, 512), time.workers());
      await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () -> {
                pass(1);
                return read.isDone();
              });
      assertThat(read.get(1, TimeUnit.SECONDS)).hasSize(512);
      assertFails(DatastoreError.LOCKED, "SHARE_DENIED", same::powerOn);
    }
    assertThat(first.log().lines("is recovered")).hasSize(2);
    assertThat(vm.poweredOn()).isTrue();
  }

  @Test
  void aServerThatIsSilentIsAllPathsDownAndComesBack() {
    SimulatedHost host = esxi("esx1");
    Datastore datastore = mounted(host);
    VirtualMachine vm = TestVms.small(host, datastore, "vm");
    vm.powerOn();
    DatastoreFile flat = datastore.open("vm/vm-flat.vmdk").ofVirtualMachine();
    silence("esx1");
    pass(12);
    CompletableFuture<byte[]> ofGuest =
        CompletableFuture.supplyAsync(() -> flat.readFully(0, 512), time.workers());
    pass(300);
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN_TIMEOUT);
    assertFails(DatastoreError.ALL_PATHS_DOWN, "silent", () -> datastore.list(""));
    assertThat(ofGuest).isNotDone();
    array.faults().clear();
    pass(12);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> datastore.pathState() == PathState.ACCESSIBLE);
    pass(130);
    assertThat(ofGuest).succeedsWithin(Duration.ofSeconds(30));
    assertThat(datastore.list("vm")).contains("vm.vmx");
    assertThat(host.log().lines("APD Timeout")).hasSize(1);
    assertThat(host.log().lines("has exited the All Paths Down state")).hasSize(1);
  }

  @Test
  void aDatastoreThatFellSilentIsRemovedAndMountedAgain() throws Exception {
    SimulatedHost host = esxi("esx1");
    Datastore datastore = mounted(host);
    datastore.writeText("text", "before");
    silence("esx1");
    pass(312);
    assertThat(datastore.pathState()).isEqualTo(PathState.ALL_PATHS_DOWN_TIMEOUT);
    whileTimePasses(() -> host.unmount("ds1"));
    array.faults().clear();
    assertThat(mounted(host)).isSameAs(datastore);
    assertThat(datastore.pathState()).isEqualTo(PathState.ACCESSIBLE);
    assertThat(datastore.readText("text")).isEqualTo("before");
    VirtualMachine vm = TestVms.small(host, datastore, "vm");
    vm.powerOn();
    pass(100);
    assertThat(vm.poweredOn()).isTrue();
  }

  /** What was under way on the dead address is sent again over the living one, and done once. */
  @Test
  void anAddressThatDiesLeavesItsCallsToTheOthers() throws Exception {
    try (Forwarder second = new Forwarder(array.nfsAddress().getPort())) {
      SimulatedHost host = esxi("esx1");
      Datastore datastore =
          host.mount(
              MountOptions.of("ds1", at("127.0.0.1"), "/one").overNfs41(List.of(second.address())));
      assertThat(datastore.status().connections()).isEqualTo(2);
      VirtualMachine vm = TestVms.small(host, datastore, "vm");
      vm.powerOn();
      DatastoreFile flat = datastore.open("vm/vm-flat.vmdk").ofVirtualMachine();
      long before = second.bytes();
      for (int i = 0; i < 8; i++) {
        flat.writeStable(512L * i, new byte[512]);
      }
      assertThat(second.bytes()).as("both addresses are used").isGreaterThan(before);
      second.die();
      whileTimePasses(
          () -> {
            for (int i = 0; i < 8; i++) {
              byte[] data = new byte[512];
              Arrays.fill(data, (byte) (i + 1));
              flat.writeStable(512L * i, data);
              assertThat(flat.readFully(512L * i, 512)).containsOnly(i + 1);
            }
          });
      pass(60);
      assertThat(datastore.pathState()).isEqualTo(PathState.ACCESSIBLE);
      assertThat(vm.poweredOn()).isTrue();
      assertThat(host.log().lines("All Paths Down")).isEmpty();
    }
  }

  @Test
  void aSessionIsTrunkedOverAllAddressesOfTheArray() {
    SimulatedHost host = esxi("esx1");
    Datastore datastore =
        host.mount(
            MountOptions.of("ds1", at("127.0.0.1"), "/one").overNfs41(List.of(at(SECOND_ADDRESS))));
    assertThat(datastore.status().connections()).isEqualTo(2);
    assertThat(datastore.servers()).hasSize(2);
    datastore.writeText("text", "over both");
    assertThat(datastore.readText("text")).isEqualTo("over both");
    assertThatThrownBy(() -> host.setConnections("ds1", 1))
        .hasMessageContaining("allowed: 2 and more");
    host.setConnections("ds1", 4);
    assertThat(datastore.readText("text")).isEqualTo("over both");
  }

  @Test
  void addressesOfTwoArraysAreRefused() throws Exception {
    SimulatedHost host = esxi("esx1");
    try (FacsimArray other =
        FacsimArray.builder().volume("one", 1L << 30).nfsPort(0).seed(1).start()) {
      assertFails(
          DatastoreError.FILE_ERROR,
          "is another server",
          () ->
              host.mount(
                  MountOptions.of("ds1", at("127.0.0.1"), "/one")
                      .overNfs41(List.of(other.nfsAddress()))));
      assertThat(host.datastores()).isEmpty();
    }
    mounted(host);
  }

  @Test
  void whatCannotBeMountedIsRefused() {
    SimulatedHost host = esxi("esx1");
    assertFails(DatastoreError.NOT_FOUND, "denied", () -> host.mount(over41("none", "/none")));
    assertFails(DatastoreError.NOT_FOUND, "denied", () -> host.mount(over41("old", "/old")));
    mounted(host);
    assertFails(
        DatastoreError.ALREADY_EXISTS,
        "is mounted already, as ds1",
        () -> host.mount(MountOptions.of("v3", at("127.0.0.1"), "/one")));
    assertThatThrownBy(() -> host("esx5").mount(over41("ds1", "/one")))
        .hasMessageContaining("NFS 4.1 needs ESXi 6.0");
  }

  @Test
  void anUnmountGivesClientIdAndLocksBackAndAMountAfterItWorks() {
    SimulatedHost host = esxi("esx1");
    Datastore datastore = mounted(host);
    VirtualMachine vm = TestVms.small(host, datastore, "vm");
    vm.powerOn();
    assertFails(DatastoreError.BUSY, "in use", () -> host.unmount("ds1"));
    vm.powerOff();
    host.unmount("ds1");
    assertThat(array.control().locks().leased().clients()).isEmpty();
    assertThat(mounted(host)).isSameAs(datastore);
    vm.powerOn();
  }
}
