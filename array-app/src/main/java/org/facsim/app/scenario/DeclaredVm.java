/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.services.units.ByteSize;

/**
 * What the steps of a file may say of a VM's disks and snapshots: sizes as they are at a step, and
 * the names of all snapshots that were ever taken, because a step that fails may leave one.
 */
final class DeclaredVm {
  /** A VM of which nothing is known: everything may be said of it. */
  static final DeclaredVm UNKNOWN = new DeclaredVm(List.of(), Set.of());

  private final List<Long> diskBytes;
  private final Set<String> snapshots;

  private DeclaredVm(List<Long> diskBytes, Set<String> snapshots) {
    this.diskBytes = new ArrayList<>(diskBytes);
    this.snapshots = new LinkedHashSet<>(snapshots);
  }

  DeclaredVm(Site.Vm vm) {
    this(
        vm.disks().stream().map(DiskSpec::provisionedBytes).toList(),
        new LinkedHashSet<>(vm.snapshots()));
  }

  DeclaredVm withoutSnapshots() {
    return new DeclaredVm(diskBytes, Set.of());
  }

  private boolean isUnknown() {
    return diskBytes.isEmpty();
  }

  void snapshotTaken(String name) {
    snapshots.add(name);
  }

  /** Notes a problem if no snapshot of the name was ever taken. */
  void requireSnapshot(YamlNode name, String vm) {
    if (!isUnknown()) {
      name.declared("snapshot of " + vm, snapshots);
    }
  }

  /**
   * The disk under {@code disk}, or the first; notes a problem if the VM has no such disk.
   *
   * @param node the keys of a step
   */
  int disk(YamlNode node, String vm) {
    long index = node.number("disk", 0);
    if (!isUnknown() && index >= diskBytes.size()) {
      node.get("disk")
          .ifPresent(
              value ->
                  value.wrong(
                      "disk %d; allowed: 0 to %d, the disks of %s"
                          .formatted(index, diskBytes.size() - 1, vm)));
      return 0;
    }
    return (int) index;
  }

  /** Notes a problem if a range is not in whole sectors within a disk. */
  void requireRange(YamlNode node, String vm, int disk, long atBytes, long sizeBytes) {
    YamlNode size = node.get("size").orElse(node);
    if (atBytes % DiskSpec.SECTOR_BYTES != 0 || sizeBytes % DiskSpec.SECTOR_BYTES != 0) {
      size.wrong(
          "%d bytes at %d; allowed: whole sectors of %d bytes"
              .formatted(sizeBytes, atBytes, DiskSpec.SECTOR_BYTES));
    } else if (sizeBytes == 0) {
      size.wrong("nothing; allowed: a size above 0");
    } else if (!isUnknown() && atBytes > diskBytes.get(disk) - sizeBytes) {
      size.wrong(
          "%s at %s; allowed: within the %s of disk %d of %s"
              .formatted(
                  ByteSize.format(sizeBytes),
                  ByteSize.format(atBytes),
                  ByteSize.format(diskBytes.get(disk)),
                  disk,
                  vm));
    }
  }

  /** A disk is larger from now on; notes a problem if it would not be. */
  void extended(YamlNode node, String vm, int disk, long newBytes) {
    if (isUnknown()) {
      return;
    }
    YamlNode size = node.get("size").orElse(node);
    if (newBytes <= diskBytes.get(disk) || newBytes % DiskSpec.SECTOR_BYTES != 0) {
      size.wrong(
          "%s; allowed: whole sectors of %d bytes, more than the %s of disk %d of %s"
              .formatted(
                  ByteSize.format(newBytes),
                  DiskSpec.SECTOR_BYTES,
                  ByteSize.format(diskBytes.get(disk)),
                  disk,
                  vm));
    } else {
      diskBytes.set(disk, newBytes);
    }
  }
}
