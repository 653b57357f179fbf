/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.task.FaultType;
import org.facsim.hypervisor.task.MethodFaultException;

/** Changes a disk of a VM that has no snapshots. */
final class DiskWork {
  private final VirtualMachine vm;
  private final int diskIndex;
  private final VirtualDisk disk;

  DiskWork(VirtualMachine vm, int diskIndex) {
    if (diskIndex < 0 || diskIndex >= vm.disks().size()) {
      throw new IllegalArgumentException(
          "disk %d of %s; allowed: 0 to %d".formatted(diskIndex, vm.name(), vm.disks().size() - 1));
    }
    this.vm = vm;
    this.diskIndex = diskIndex;
    this.disk = vm.disks().get(diskIndex);
  }

  private void requireBare(String what) {
    if (!vm.snapshots().isEmpty() || disk.layers().all().size() > 1) {
      throw new MethodFaultException(
          FaultType.INVALID_STATE,
          "%s: %s has snapshots; allowed: a disk without".formatted(what, disk.descriptorPath()));
    }
    if (!vm.linkedClones().isEmpty()) {
      throw new MethodFaultException(
          FaultType.RESOURCE_IN_USE,
          "%s: %s uses disks of %s".formatted(what, vm.linkedClones().get(0).name(), vm.name()));
    }
  }

  void extend(long newBytes) {
    vm.lock.lock();
    try {
      requireBare("extend");
      if (newBytes <= disk.provisionedBytes()
          || newBytes > DiskSpec.MAX_PROVISIONED_BYTES
          || newBytes % DiskSpec.SECTOR_BYTES != 0) {
        throw new IllegalArgumentException(
            "%d bytes for %s; allowed: multiples of %d above %d up to %d"
                .formatted(
                    newBytes,
                    disk.descriptorPath(),
                    DiskSpec.SECTOR_BYTES,
                    disk.provisionedBytes(),
                    DiskSpec.MAX_PROVISIONED_BYTES));
      }
      new BaseChange(disk).grow(newBytes);
      List<DiskSpec> layout = new ArrayList<>(vm.state().layout());
      DiskSpec before = layout.get(diskIndex);
      layout.set(diskIndex, new DiskSpec(newBytes, before.usedBytes(), before.format()));
      vm.setState(vm.state().withLayout(layout));
    } finally {
      vm.lock.unlock();
    }
  }

  void inflate() {
    vm.lock.lock();
    try {
      requireBare("inflate");
      if (disk.provisioning().got() != DiskFormat.THIN) {
        return;
      }
      new BaseChange(disk).inflate();
    } finally {
      vm.lock.unlock();
    }
  }
}
