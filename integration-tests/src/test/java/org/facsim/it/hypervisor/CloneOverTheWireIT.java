/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.hypervisor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_2008_R2;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.util.List;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.FileSpace;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.clone.CloneDecision;
import org.facsim.hypervisor.clone.CloneMethod;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.clone.CloneRequest;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;
import org.facsim.hypervisor.mover.DiskVerifier;
import org.facsim.hypervisor.mover.Verification;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.facsim.hypervisor.vm.VmSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CloneOverTheWireIT {
  private static final long MIB = 1 << 20;
  private static final long SMALL_FILES_BYTES = 64 << 10;
  private static final DiskSpec DISK = new DiskSpec(160 * MIB, 65 * MIB + 8192);

  private FacsimArray array;
  private SimulatedHost host;
  private Datastore datastore;

  @BeforeEach
  void startArrayAndHost() throws Exception {
    array =
        FacsimArray.builder()
            .volume("datastore1", 10L << 30)
            .volume("datastore2", 10L << 30)
            .nfsPort(0)
            .seed(1)
            .start();
    connect(CloneOffloadPolicy.esxi());
  }

  private void connect(CloneOffloadPolicy policy) {
    host = new SimulatedHost(HostOptions.named("esx1").withCloneOffloadPolicy(policy));
    datastore = host.mount("ds1", array.nfsAddress(), "/datastore1");
  }

  @AfterEach
  void stop() {
    host.close();
    array.close();
  }

  private VirtualMachine running(String name, GuestSpec guest) {
    VirtualMachine vm =
        host.createVm(
            datastore, new VmSpec(name, guest, GuestConfiguration.standard(), List.of(DISK), 99));
    vm.powerOn();
    vm.writeGuestData(TransferProgress.NONE);
    return vm;
  }

  private FileSpace space(String path) {
    Volume volume = array.storage().volume("datastore1").orElseThrow();
    Inode at = volume.root();
    for (String name : path.split("/", -1)) {
      at = volume.names().lookup(Caller.ROOT, at, Name.of(name));
    }
    return volume.space().of(at);
  }

  private Verification verify(VirtualMachine vm) {
    var disk = vm.disks().get(0);
    return new DiskVerifier(vm.datastore()).verifyAll(disk.descriptorPath(), disk.contents());
  }

  private static Verification whole() {
    return new Verification(DISK.provisionedBytes(), Optional.empty());
  }

  @Test
  void windows7IsClonedByTheArrayWithoutAByteOnTheWireOrOnDisk() {
    VirtualMachine source = running("win7", WINDOWS_7);
    assertThat(datastore.hardwareAcceleration().fullFileClone()).isTrue();
    long before = array.storage().physicalUsedBytes();

    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));

    assertThat(result.clonedBy()).as(result.reason()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(result.redoLogsPerDisk()).isEqualTo(1);
    assertThat(result.destinationData()).isEqualTo(IoCounters.ZERO);
    array.storage().awaitReclaim();
    assertThat(array.storage().physicalUsedBytes() - before).isBetween(0L, SMALL_FILES_BYTES);
    assertThat(space(source.disks().get(0).flatPath()).chargedBytes()).isEqualTo(DISK.usedBytes());
    assertThat(space("copy/copy-flat.vmdk").chargedBytes()).isZero();
    assertThat(verify(result.vm())).isEqualTo(whole());
    assertThat(verify(source)).isEqualTo(whole());
  }

  @Test
  void windows2008R2IsCopiedByTheHostInItsQuiescedState() {
    VirtualMachine source = running("w2008", WINDOWS_2008_R2);
    List<String> filesBefore = source.files();
    long before = array.storage().physicalUsedBytes();

    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.HOST_COPY);
    assertThat(result.redoLogsPerDisk()).isEqualTo(2);
    assertThat(result.destinationData().writeBytes()).isEqualTo(DISK.usedBytes());
    array.storage().awaitReclaim();
    assertThat(array.storage().physicalUsedBytes() - before)
        .isBetween(DISK.usedBytes(), DISK.usedBytes() + SMALL_FILES_BYTES);
    assertThat(space("copy/copy-flat.vmdk").chargedBytes()).isEqualTo(DISK.usedBytes());
    assertThat(source.files()).isEqualTo(filesBefore);
    assertThat(verify(result.vm())).isEqualTo(whole());
    assertThat(verify(source)).isEqualTo(whole());
  }

  @Test
  void aBrokenPolicyMakesACloneThatDoesNotMatch() {
    host.close();
    connect(situation -> new CloneDecision(CloneMethod.ARRAY_OFFLOAD, "broken on purpose"));
    VirtualMachine source = running("w2008", WINDOWS_2008_R2);

    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(verify(result.vm()).matches()).isFalse();
  }

  @Test
  void coldCloneIsOffloadedAndCloneAndSourceGoSeparateWays() {
    VirtualMachine source = running("w2008", WINDOWS_2008_R2);
    source.powerOff();

    CloneResult result = host.cloneVm(source, new CloneRequest("copy", datastore));

    assertThat(result.clonedBy()).isEqualTo(CloneMethod.ARRAY_OFFLOAD);
    assertThat(result.snapshotsTaken()).isZero();
    assertThat(result.destinationData()).isEqualTo(IoCounters.ZERO);
    result.vm().powerOn();
    result.vm().overwriteGuestData(0, 0, 4 * MIB);
    assertThat(space("copy/copy-flat.vmdk").chargedBytes()).isEqualTo(4 * MIB);
    assertThat(verify(result.vm())).isEqualTo(whole());
    assertThat(verify(source)).isEqualTo(whole());
    host.destroyVm(source);
    assertThat(verify(result.vm())).isEqualTo(whole());
  }

  @Test
  void acrossVolumesTheCloneIsWholeWhoeverMovesIt() {
    VirtualMachine source = running("win7", WINDOWS_7);
    source.powerOff();
    Datastore other = host.mount("ds2", array.nfsAddress(), "/datastore2");

    CloneResult result = host.cloneVm(source, new CloneRequest("copy", other));

    assertThat(verify(result.vm())).isEqualTo(whole());
    if (result.clonedBy() == CloneMethod.ARRAY_OFFLOAD) {
      assertThat(result.destinationData()).isEqualTo(IoCounters.ZERO);
    } else {
      assertThat(result.destinationData().writeBytes()).isEqualTo(DISK.usedBytes());
    }
  }

  @Test
  void aSnapshotChainOnTheArrayReadsBackAndConsolidates() {
    VirtualMachine vm = running("win7", WINDOWS_7);
    vm.takeSnapshot("one");
    vm.overwriteGuestData(0, 3 * MIB + 512, 9 * MIB);
    vm.takeSnapshot("two");
    vm.overwriteGuestData(0, 100 * MIB, 2 * MIB);

    assertThat(verify(vm)).isEqualTo(whole());
    vm.removeSnapshots();
    assertThat(verify(vm)).isEqualTo(whole());
    assertThat(vm.files()).noneMatch(name -> name.contains("-00000"));
  }
}
