/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.hypervisor.Rig.MIB;
import static org.facsim.hypervisor.catalog.GuestOperatingSystem.WINDOWS_7;

import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.FileRange;
import org.facsim.hypervisor.datastore.UnmapGranularity;
import org.facsim.hypervisor.vmdk.DiskDescriptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a host does with a guest's TRIM, layer by layer. */
class DiskTrimTest {
  private static final long CAPACITY = 4 * MIB;
  private static final List<DiskRange> RANGES =
      List.of(new DiskRange(512, 3 * 4096), new DiskRange(MIB, 4096));

  private final Rig rig = new Rig();
  private LayeredDisk disk;

  @BeforeEach
  void makeDisk() {
    disk = new LayeredDisk(rig.datastore, "vm", CAPACITY, 3);
  }

  @AfterEach
  void closeRig() {
    rig.close();
  }

  private LiveDescriptor live(String name) {
    return LiveDescriptor.open(rig.datastore, "vm/" + name, new SplittableRandom(1));
  }

  private DiskTrim.Result ofFlat(boolean isThin, boolean snapshots) {
    return DiskTrim.ofFlat(
        rig.datastore,
        rig.datastore.open("vm/base-flat.vmdk"),
        live("base.vmdk"),
        isThin,
        snapshots,
        RANGES);
  }

  private int contentId(String name) {
    return ChainLink.read(rig.datastore, "vm/" + name).descriptor().contentId();
  }

  @Test
  void aBaseDiskIsTrimmedInWholeGranulesIfUnmapIsOn() {
    rig.datastore.settings().set("/NFS/UnmapEnabled", 1);
    rig.offload.granularity = new UnmapGranularity(8192, 256);

    DiskTrim.Result result = ofFlat(true, false);

    assertThat(result.trimmed()).isEmpty(); // neither range holds a whole granule
    assertThat(result.ignored()).contains("the array frees whole granules of 8192 bytes");
    rig.offload.granularity = new UnmapGranularity(4096, 256);
    assertThat(ofFlat(true, false).trimmed())
        .containsExactly(new DiskRange(4096, 8192), new DiskRange(MIB, 4096));
    assertThat(rig.offload.unmaps.stream().flatMap(List::stream))
        .containsExactlyInAnyOrder(new FileRange(4096, 8192), new FileRange(MIB, 4096));
    assertThat(contentId("base.vmdk")).isNotEqualTo(1);
  }

  @Test
  void nothingIsTrimmedOffThickDisksUnderSnapshotsOrWhileUnmapIsOff() {
    assertThat(ofFlat(true, false).ignored()).contains("/NFS/UnmapEnabled is 0");
    rig.datastore.settings().set("/NFS/UnmapEnabled", 1);
    assertThat(ofFlat(false, false).ignored()).contains("the disk is thick");
    assertThat(ofFlat(true, true).ignored()).contains("the VM has snapshots");
    assertThat(rig.offload.unmaps).isEmpty();
    assertThat(contentId("base.vmdk")).isEqualTo(1);
  }

  @Test
  void aRedoLogRecordsWholeGrainsIfItsFormatCan() {
    RedoLog sesparse = disk.log(RedoLogFormat.SE_SPARSE, "base-000001", "base.vmdk");
    RedoLog vmfsSparse = disk.log(RedoLogFormat.VMFS_SPARSE, "base-000002", "base.vmdk");

    DiskTrim.Result recorded = DiskTrim.ofRedoLog(sesparse, live("base-000001.vmdk"), RANGES);
    assertThat(recorded.trimmed())
        .containsExactly(new DiskRange(4096, 8192), new DiskRange(MIB, 4096));
    assertThat(recorded.trimmedBytes()).isEqualTo(12288);
    assertThat(recorded.ignored()).contains("a redo log trims whole grains of 4 KiB only");
    DiskChain chain = DiskChain.open(rig.datastore, "vm/base-000001.vmdk");
    assertThat(chain.readFully(4096, 8192)).containsOnly(0);
    assertThat(chain.resolve(4096, 8192)).allMatch(Segment::isZeros);

    int before = contentId("base-000002.vmdk");
    DiskTrim.Result ignored = DiskTrim.ofRedoLog(vmfsSparse, live("base-000002.vmdk"), RANGES);
    assertThat(ignored.trimmed()).isEmpty();
    assertThat(ignored.ignored()).contains("a redo log of the format vmfsSparse records no trim");
    assertThat(contentId("base-000002.vmdk")).isEqualTo(before);
    assertThat(contentId("base.vmdk")).isEqualTo(1).isNotEqualTo(DiskDescriptor.NEVER_WRITTEN);
  }

  /** The array is done, and its answer is lost. */
  @Test
  void whatAFailedUnmapZeroedIsKnown() {
    rig.datastore.settings().set("/NFS/UnmapEnabled", 1);
    VirtualMachine vm =
        rig.running("guest", WINDOWS_7, new DiskSpec(MIB, 512 << 10), new DiskSpec(MIB, 512 << 10));
    rig.offload.unmapAnswer =
        CompletableFuture.failedFuture(new IllegalStateException("no answer"));
    DiskRange all = new DiskRange(0, MIB);

    rig.files.find("guest/guest-flat.vmdk").pages.clear();
    for (int disk = 0; disk < 2; disk++) {
      DiskTrim.Result result = vm.trim(disk, List.of(all));
      assertThat(result.trimmed()).isEmpty();
      assertThat(result.ignored()).contains("the array refused the UNMAP");
    }

    assertThat(vm.disks().get(0).contents().writtenBytes()).isZero();
    assertThat(vm.disks().get(1).contents().writtenBytes()).isEqualTo(512 << 10);
    assertThat(rig.verify(vm, 0).matches()).isTrue();
    assertThat(rig.verify(vm, 1).matches()).isTrue();
  }
}
