/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.activity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.guest.GuestIo;
import org.facsim.hypervisor.guest.GuestWorkload;
import org.facsim.hypervisor.guest.WorkloadProfile;
import org.facsim.hypervisor.guest.WriteRun;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.hypervisor.time.SteppedTime;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.GuestIoResult;
import org.facsim.hypervisor.vm.VirtualDisk;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GuestActivityTest {
  private static final WorkloadProfile BUSY =
      new WorkloadProfile(
          "busy", Duration.ofMillis(100), 8, 4096, 256 * 1024, WorkloadProfile.Pattern.RANDOM);

  private Rig rig = new Rig();
  private final SteppedTime time = new SteppedTime();

  @AfterEach
  void stop() {
    rig.close();
  }

  private static GuestWorkload workload(VirtualMachine vm, WorkloadProfile profile, long seed) {
    return GuestWorkload.steady(
        profile, vm.disks().stream().map(VirtualDisk::provisionedBytes).toList(), seed);
  }

  private VirtualMachine running(String name) {
    VirtualMachine vm = rig.vm(name, WINDOWS_7, new DiskSpec(4 * Rig.MIB, 0));
    vm.powerOn();
    return vm;
  }

  private List<WriteRun> runsAfterAMinute() {
    try (GuestActivity activity = new GuestActivity(time)) {
      VirtualMachine one = running("one");
      VirtualMachine two = running("two");
      activity.start(one, workload(one, WorkloadProfile.DATABASE, 1));
      activity.start(two, workload(two, WorkloadProfile.IDLE, 2));
      time.advance(Duration.ofMinutes(1));
      assertThat(activity.failures()).as("%s", activity.lastFailure()).isZero();
      assertThat(activity.done().writes()).isBetween(59L * 16, 61L * 16 + 6);
      assertThat(rig.verify(one, 0).mismatch()).isEmpty();
      List<WriteRun> runs = new ArrayList<>(one.disks().get(0).contents().runs());
      runs.addAll(two.disks().get(0).contents().runs());
      return runs;
    }
  }

  @Test
  void sameSeedsWriteTheSameInTheSameOrder() {
    List<WriteRun> first = runsAfterAMinute();
    rig.close();
    rig = new Rig();

    assertThat(runsAfterAMinute()).isEqualTo(first);
  }

  @Test
  void manyGuestsShareOneTimer() {
    try (GuestActivity activity = new GuestActivity(time)) {
      int timers = time.timers();
      for (int i = 0; i < 100; i++) {
        VirtualMachine vm = running("vm" + i);
        activity.start(vm, workload(vm, WorkloadProfile.IDLE, i));
      }

      assertThat(time.timers() - timers).isEqualTo(1);
      time.advance(Duration.ofSeconds(60));
      assertThat(activity.done().writes()).isEqualTo(2 * 2 * 100);
      assertThat(time.timers() - timers).isEqualTo(1);
    }
    assertThat(time.timers()).isZero();
  }

  @Test
  void guestOfAVmThatIsOffDoesNothingAndGoesOnLater() {
    try (GuestActivity activity = new GuestActivity(time)) {
      VirtualMachine vm = running("vm");
      activity.start(vm, workload(vm, BUSY, 1));
      vm.powerOff();
      time.advance(Duration.ofSeconds(10));
      assertThat(activity.done()).isEqualTo(GuestIoResult.NOTHING);

      vm.powerOn();
      time.advance(Duration.ofSeconds(1));
      assertThat(activity.done().writes()).isEqualTo(80);
    }
  }

  @Test
  void stoppedGuestWorksNoMore() {
    try (GuestActivity activity = new GuestActivity(time)) {
      VirtualMachine vm = running("vm");
      activity.start(vm, workload(vm, BUSY, 1));
      time.advance(Duration.ofSeconds(1));
      long writes = activity.done().writes();
      activity.stop(vm);
      time.advance(Duration.ofSeconds(1));

      assertThat(writes).isPositive();
      assertThat(activity.done().writes()).isEqualTo(writes);
    }
  }

  @Test
  void heldGuestsDoNothingUntilTheyGoOn() {
    try (GuestActivity activity = new GuestActivity(time)) {
      VirtualMachine vm = running("vm");
      activity.start(vm, workload(vm, BUSY, 1));
      time.advance(Duration.ofSeconds(1));
      assertThat(activity.hold(Duration.ofSeconds(20))).isTrue();
      long writes = activity.done().writes();
      time.advance(Duration.ofSeconds(1));
      assertThat(activity.done().writes()).isEqualTo(writes);

      activity.goOn();
      time.advance(Duration.ofSeconds(1));
      assertThat(activity.done().writes()).isGreaterThan(writes);
    }
  }

  /** Hosts need their workers to mount anew a datastore for which guests wait. */
  @Test
  void guestsUseNoWorkerOfTheHostsTime() {
    NoWorkers noWorkers = new NoWorkers(time);
    try (GuestActivity activity = new GuestActivity(noWorkers)) {
      VirtualMachine vm = running("vm");
      activity.start(vm, workload(vm, BUSY, 1));
      time.advance(Duration.ofSeconds(1));
      assertThat(activity.done().writes()).isPositive();
    }
  }

  private record NoWorkers(HostTime time) implements HostTime {
    @Override
    public Clock clock() {
      return time.clock();
    }

    @Override
    public long nanoTime() {
      return time.nanoTime();
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
      return time.after(delay, task);
    }

    @Override
    public void sleep(Duration span) throws InterruptedException {
      time.sleep(span);
    }

    @Override
    public Executor workers() {
      throw new AssertionError("a worker is asked for");
    }

    @Override
    public <T> CompletableFuture<T> expect(Object path, CompletableFuture<T> answer) {
      return time.expect(path, answer);
    }
  }

  @Test
  void closedActivityTakesNoGuest() {
    GuestActivity activity = new GuestActivity(time);
    activity.close();
    VirtualMachine vm = running("vm");

    assertThatThrownBy(() -> activity.start(vm, workload(vm, BUSY, 1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void guestThatWritesWhileASnapshotExistsWritesToTheRedoLog() {
    try (GuestActivity activity = new GuestActivity(time)) {
      VirtualMachine vm = running("vm");
      activity.start(vm, workload(vm, BUSY, 1));
      time.advance(Duration.ofSeconds(1));
      List<WriteRun> frozen = vm.disks().get(0).contents().runs();
      vm.takeSnapshot("s");
      long flatWrites = rig.datastore.counters("vm/vm-flat.vmdk").writeBytes();
      time.advance(Duration.ofSeconds(2));

      assertThat(rig.datastore.counters("vm/vm-flat.vmdk").writeBytes()).isEqualTo(flatWrites);
      assertThat(vm.disks().get(0).contents().runs()).isNotEqualTo(frozen);
      assertThat(rig.verify(vm, 0).mismatch()).isEmpty();
      vm.removeSnapshots();
      assertThat(rig.verify(vm, 0).mismatch()).isEmpty();
    }
  }

  /** By the machine's time, so that the guest does write at the same time. */
  @Test
  void clonesHoldTheQuiescedStateAlthoughTheGuestGoesOn() {
    try (GuestActivity activity = new GuestActivity(HostTime.system())) {
      VirtualMachine vm =
          rig.running("vm", WINDOWS_2008_R2, new DiskSpec(8 * Rig.MIB, 4 * Rig.MIB));
      activity.start(vm, workload(vm, BUSY, 1));
      for (int i = 0; i < 5; i++) {
        CloneResult clone = rig.cloneOf(vm, "clone" + i);

        assertThat(clone.clonedBy()).isEqualTo(CloneMethod.HOST_COPY);
        assertThat(rig.verify(clone.vm(), 0).mismatch()).isEmpty();
      }
      while (activity.done().writes() < 80) {
        Thread.onSpinWait();
      }
      activity.stop(vm);
      vm.powerOff();
      assertThat(activity.failures()).as("%s", activity.lastFailure()).isZero();
      assertThat(rig.verify(vm, 0).mismatch()).isEmpty();
    }
  }

  @Test
  void refusedTrimIsSentAgainOnlyAfterTheNextStart() {
    VirtualMachine vm = running("vm");
    List<GuestIo> trim = List.of(new GuestIo.Trim(0, Rig.MIB, Rig.MIB));

    assertThat(vm.perform(trim).trimsRefused()).isEqualTo(1);
    assertThat(vm.perform(trim).trimsNotSent()).isEqualTo(1);
    vm.reset();
    assertThat(vm.perform(trim).trimsRefused()).isEqualTo(1);
    vm.powerOff();
    assertThat(vm.perform(trim)).isEqualTo(GuestIoResult.NOTHING);
    vm.powerOn();
    assertThat(vm.perform(trim).trimsRefused()).isEqualTo(1);
  }

  @Test
  void writesAroundATrimKeepTheirOrder() {
    VirtualMachine vm = running("vm");
    GuestIoResult result =
        vm.perform(
            List.of(
                new GuestIo.Write(0, 0, 4096),
                new GuestIo.Write(0, 4096, 4096),
                new GuestIo.Trim(0, 0, 4096),
                new GuestIo.Write(0, 8192, 4096)));

    assertThat(result.writes()).isEqualTo(3);
    assertThat(result.writtenBytes()).isEqualTo(3 * 4096);
    assertThat(rig.verify(vm, 0).mismatch()).isEmpty();
  }
}
