/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.guest.DiskLayout;
import org.facsim.hypervisor.guest.GuestIo;
import org.facsim.hypervisor.guest.TrimManners;
import org.facsim.hypervisor.guest.WriteRun;

/** The I/O of a VM's guest to its disks. Guarded by the VM's lock. */
final class VmGuestIo {
  private final VirtualMachine vm;
  private TrimManners manners = new TrimManners(0);

  VmGuestIo(VirtualMachine vm) {
    this.vm = vm;
  }

  /** The guest starts: it asks every disk again what it can do. */
  void started() {
    manners = new TrimManners(vm.disks().size());
  }

  /** Writes the used part of each disk. */
  void install(TransferProgress progress) {
    VmState now = vm.state();
    long total = now.layout().stream().mapToLong(DiskSpec::usedBytes).sum();
    TransferProgress monotone = progress.neverBackwards();
    long before = 0;
    for (int i = 0; i < now.disks().size(); i++) {
      DiskSpec disk = now.layout().get(i);
      List<WriteRun> runs =
          DiskLayout.spread(disk.provisionedBytes(), disk.usedBytes(), vm.nextGeneration());
      now.disks().get(i).write(runs, monotone.part(before, total));
      before += disk.usedBytes();
    }
  }

  /** Writes a range once more, with a new generation. */
  void overwrite(int diskIndex, long offsetBytes, long lengthBytes) {
    WriteRun run = new WriteRun(offsetBytes, lengthBytes, vm.nextGeneration());
    vm.disks().get(diskIndex).write(List.of(run), TransferProgress.NONE);
  }

  GuestIoResult perform(List<GuestIo> ios) {
    GuestIoResult result = GuestIoResult.NOTHING;
    List<WriteRun> pending = new ArrayList<>();
    int pendingDisk = -1;
    int generation = vm.nextGeneration();
    for (GuestIo io : ios) {
      if (!(io instanceof GuestIo.Write) || io.diskIndex() != pendingDisk) {
        result = result.plus(write(pendingDisk, pending));
        pending.clear();
      }
      if (io instanceof GuestIo.Write) {
        pendingDisk = io.diskIndex();
        pending.add(new WriteRun(io.offsetBytes(), io.lengthBytes(), generation));
      } else {
        result = result.plus(trim(io));
      }
    }
    return result.plus(write(pendingDisk, pending));
  }

  private GuestIoResult write(int diskIndex, List<WriteRun> runs) {
    if (runs.isEmpty()) {
      return GuestIoResult.NOTHING;
    }
    vm.disks().get(diskIndex).write(runs, TransferProgress.NONE);
    long bytes = runs.stream().mapToLong(WriteRun::lengthBytes).sum();
    return new GuestIoResult(runs.size(), bytes, 0, 0, 0, 0);
  }

  private GuestIoResult trim(GuestIo io) {
    if (!manners.asks(io.diskIndex())) {
      return new GuestIoResult(0, 0, 0, 0, 0, 1);
    }
    DiskTrim.Result taken =
        vm.disks()
            .get(io.diskIndex())
            .trim(
                List.of(new DiskRange(io.offsetBytes(), io.lengthBytes())),
                !vm.snapshots().isEmpty());
    if (taken.trimmed().isEmpty() && taken.ignored().isPresent()) {
      manners.refused(io.diskIndex());
      return new GuestIoResult(0, 0, 0, 0, 1, 0);
    }
    return new GuestIoResult(0, 0, 1, taken.trimmedBytes(), 0, 0);
  }
}
