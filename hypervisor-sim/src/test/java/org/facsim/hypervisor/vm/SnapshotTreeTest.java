/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.guest.QuiescePlan;
import org.facsim.hypervisor.guest.QuiescePolicy;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;
import org.facsim.hypervisor.task.TaskContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTreeTest {
  private static final DiskSpec DISK = new DiskSpec(4 * MIB, MIB);

  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private void assertHolds(String descriptorPath, DiskContents contents) {
    assertThat(new DiskVerifier(rig.datastore).verifyAll(descriptorPath, contents).matches())
        .as(descriptorPath)
        .isTrue();
  }

  /** Every state that the VM has reads as it was when it was frozen. */
  private void assertWhole(VirtualMachine vm, Map<Integer, List<DiskContents>> model) {
    for (int i = 0; i < vm.disks().size(); i++) {
      assertHolds(vm.disks().get(i).descriptorPath(), vm.disks().get(i).contents());
    }
    assertThat(vm.snapshots())
        .extracting(VmSnapshot::id)
        .containsExactlyInAnyOrderElementsOf(model.keySet());
    for (VmSnapshot snapshot : vm.snapshots()) {
      for (int i = 0; i < snapshot.disks().size(); i++) {
        assertHolds(snapshot.disks().get(i).descriptorPath(), model.get(snapshot.id()).get(i));
      }
    }
  }

  private static List<DiskContents> contents(VirtualMachine vm) {
    return vm.disks().stream().map(VirtualDisk::contents).toList();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void anyHistoryOfSnapshotsKeepsEveryState(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    boolean on = random.nextBoolean();
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK, DISK);
    if (!on) {
      vm.powerOff();
    }
    Map<Integer, List<DiskContents>> model = new HashMap<>();
    for (int step = 0; step < 25; step++) {
      List<VmSnapshot> snapshots = vm.snapshots();
      int action = random.nextInt(10);
      if (action < 4) {
        long offset = random.nextInt(7) * 512L * 1000;
        vm.overwriteGuestData(random.nextInt(2), offset, 512L * (1 + random.nextInt(600)));
      } else if (action < 7 && snapshots.size() < 7) {
        List<DiskContents> frozen = contents(vm);
        boolean allowNative = random.nextInt(3) == 0;
        VmSnapshot taken =
            vm.takeSnapshot(
                new SnapshotSpec("s" + step, "", false, QuiescePlan.notNeeded(), allowNative),
                TaskContext.NONE);
        model.put(taken.id(), frozen);
      } else if (!snapshots.isEmpty()) {
        VmSnapshot chosen = snapshots.get(random.nextInt(snapshots.size()));
        if (action < 8) {
          vm.revertTo(chosen.id(), TaskContext.NONE);
          assertThat(contents(vm)).isEqualTo(model.get(chosen.id()));
          assertThat(vm.currentSnapshotId()).isEqualTo(chosen.id());
          if (on) {
            vm.powerOn();
          }
        } else {
          Set<Integer> gone =
              random.nextInt(4) == 0 ? vm.snapshotBranch(chosen.id()) : Set.of(chosen.id());
          vm.removeSnapshots(gone, TaskContext.NONE);
          model.keySet().removeAll(gone);
          assertThat(vm.consolidationNeeded()).as("seed %d step %d", seed, step).isFalse();
        }
      }
      assertWhole(vm, model);
    }
    VirtualMachine again = VirtualMachine.open(rig.vmHost, rig.datastore, vm.configurationPath());
    assertThat(again.snapshots()).hasSameSizeAs(vm.snapshots());
    assertThat(again.currentSnapshotId()).isEqualTo(vm.currentSnapshotId());
    vm.removeSnapshots();
    assertWhole(vm, Map.of());
    vm.powerOff();
    assertThat(vm.files()).noneMatch(name -> name.matches(".*-00000\\d-(delta|ctk).*"));
    assertThat(vm.disks()).allMatch(disk -> disk.layers().all().size() == 1);
  }

  @Test
  void theListOfSnapshotsIsTheTreeAndTheStateFilesGoWithTheirSnapshots() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    VmSnapshot one = vm.takeSnapshot("one");
    rig.clock.advance(Duration.ofMinutes(3));
    VmSnapshot two = vm.takeSnapshot("two \"quoted\" | ü");
    vm.revertTo(one.id(), TaskContext.NONE);
    VmSnapshot three = vm.takeSnapshot("three");

    assertThat(three.parentId()).isEqualTo(one.id());
    assertThat(two.parentId()).isEqualTo(one.id());
    VmsdFile.Parsed parsed =
        VmsdFile.parse(VmDictionary.parse(rig.datastore.readText("vm/vm.vmsd")));
    assertThat(parsed.currentId()).isEqualTo(3);
    assertThat(parsed.lastId()).isEqualTo(3);
    assertThat(parsed.lines())
        .extracting(line -> line.snapshot().name())
        .containsExactly("one", "two \"quoted\" | ü", "three");
    assertThat(parsed.lines().get(1).snapshot().createTime()).isEqualTo(two.createTime());
    assertThat(parsed.lines().get(0).diskFileNames()).containsExactly("vm.vmdk");
    assertThat(parsed.lines().get(1).diskFileNames()).containsExactly("vm-000001.vmdk");
    assertThat(parsed.lines().get(2).diskNodes()).containsExactly("scsi0:0");
    assertThat(vm.files()).contains("vm-Snapshot1.vmsn", "vm-Snapshot2.vmsn", "vm-Snapshot3.vmsn");

    vm.removeSnapshots(Set.of(one.id()), TaskContext.NONE);
    assertThat(vm.files()).doesNotContain("vm-Snapshot1.vmsn");
    assertThat(vm.snapshots()).extracting(VmSnapshot::parentId).containsExactly(0, 0);
  }

  @Test
  void aRevertTakesTheConfigurationBackAndAMemorySnapshotARunningVm() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    VmSnapshot running =
        vm.takeSnapshot(
            new SnapshotSpec("running", "", true, QuiescePlan.notNeeded(), false),
            TaskContext.NONE);
    assertThat(vm.files()).contains("vm-Snapshot1.vmem");
    VmSnapshot off = vm.takeSnapshot("without memory");
    vm.reconfigure(vm.configuration().withDiskEnableUuid(false).withVssEnabled(false));

    vm.revertTo(off.id(), TaskContext.NONE);
    assertThat(vm.poweredOn()).isFalse();
    assertThat(vm.files()).noneMatch(name -> name.startsWith(".lck-") || name.endsWith(".vswp"));
    assertThat(vm.configuration().diskEnableUuid()).isTrue();
    assertThat(vm.configuration().vssEnabled()).isTrue();

    vm.revertTo(running.id(), TaskContext.NONE);
    assertThat(vm.poweredOn()).isTrue();
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(3);
    vm.revertTo(running.id(), TaskContext.NONE);
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(3);
    vm.removeSnapshots();
    assertThat(vm.files()).noneMatch(name -> name.endsWith(".vmem"));
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(2);
  }

  @Test
  void aRevertOverSeveralLevelsLeavesNoLockBehind() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    VmSnapshot first =
        vm.takeSnapshot(
            new SnapshotSpec("first", "", true, QuiescePlan.notNeeded(), false), TaskContext.NONE);
    vm.takeSnapshot("second");
    VmSnapshot third = vm.takeSnapshot("third");
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(5);

    vm.revertTo(first.id(), TaskContext.NONE);
    assertThat(vm.files()).filteredOn(name -> name.startsWith(".lck-")).hasSize(3);
    vm.revertTo(third.id(), TaskContext.NONE);
    assertThat(vm.poweredOn()).isFalse();
    assertThat(vm.files()).noneMatch(name -> name.startsWith(".lck-"));
  }

  @Test
  void aQuiescedSnapshotOf2008StaysAndIsRevertedToInItsQuiescedState() {
    VirtualMachine vm = rig.running("vm", WINDOWS_2008_R2, DISK);
    QuiescePlan plan =
        QuiescePolicy.observed().plan(WINDOWS_2008_R2, vm.configuration(), 1, EsxiVersion.V5_5);
    VmSnapshot taken =
        vm.takeSnapshot(new SnapshotSpec("quiesced", "", false, plan, true), TaskContext.NONE);
    assertThat(taken.disks().get(0).descriptorPath()).isEqualTo("vm/vm-000002.vmdk");
    assertThat(vm.disks().get(0).descriptorPath()).isEqualTo("vm/vm-000001.vmdk");
    DiskContents quiesced = taken.disks().get(0).contents();
    assertThat(quiesced.runs()).isNotEqualTo(vm.disks().get(0).contents().runs());
    vm.overwriteGuestData(0, 0, MIB);

    vm.revertTo(taken.id(), TaskContext.NONE);
    assertThat(vm.disks().get(0).contents().runs()).isEqualTo(quiesced.runs());
    assertWhole(vm, Map.of(taken.id(), List.of(quiesced)));
    vm.consolidate(TaskContext.NONE);
    assertWhole(vm, Map.of(taken.id(), List.of(quiesced)));
    vm.removeSnapshots();
    assertHolds("vm/vm.vmdk", quiesced);
  }

  @Test
  void aNativeSnapshotIsALazyCloneAndItsRemovalMovesNoData() {
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    DiskContents before = vm.disks().get(0).contents();
    VmSnapshot taken =
        vm.takeSnapshot(
            new SnapshotSpec("native", "", false, QuiescePlan.notNeeded(), true), TaskContext.NONE);
    assertThat(vm.files()).contains("vm-000001-flat.vmdk").doesNotContain("vm-000001-delta.vmdk");
    assertThat(rig.datastore.readText("vm/vm-000001.vmdk")).contains("isNativeSnapshot=\"yes\"");
    vm.overwriteGuestData(0, 0, MIB);
    assertWhole(vm, Map.of(taken.id(), List.of(before)));

    long writtenBefore = rig.datastore.counters().writeBytes();
    vm.removeSnapshots();
    assertThat(rig.datastore.counters().writeBytes() - writtenBefore).isLessThan(64 << 10);
    assertWhole(vm, Map.of());
    assertThat(vm.files()).doesNotContain("vm-flat.vmdk");
    assertThat(rig.datastore.readText("vm/vm-000001.vmdk")).contains("parentCID=ffffffff");
  }

  @Test
  void whereTheArrayMakesNoLazyCloneARedoLogIsMade() {
    rig.offload.failure = "TOO_DEEP";
    VirtualMachine vm = rig.running("vm", WINDOWS_7, DISK);
    vm.takeSnapshot(
        new SnapshotSpec("native", "", false, QuiescePlan.notNeeded(), true), TaskContext.NONE);
    assertThat(vm.files()).contains("vm-000001-delta.vmdk").doesNotContain("vm-000001-flat.vmdk");
  }

  @Test
  void thereIsNoEndlessChain() {
    VirtualMachine vm = rig.vm("vm", WINDOWS_7, new DiskSpec(MIB, 0));
    for (int i = 0; i < DiskChain.MAX_REDO_LOGS; i++) {
      vm.takeSnapshot("s" + i);
    }
    List<String> files = vm.files();
    assertThatThrownBy(() -> vm.takeSnapshot("one too many"))
        .extracting(e -> ((MethodFaultException) e).type())
        .isEqualTo(FaultType.TOO_MANY_SNAPSHOT_LEVELS);
    assertThat(vm.files()).isEqualTo(files);
  }
}
