/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

/**
 * What a VM takes, in bytes, split as the consoles of VM-aware arrays show it when the pointer
 * rests on "Used".
 *
 * @param provisionedBytes the sizes of its disks, redo logs not counted
 * @param usedBytes charged to its files: always {@code liveBytes + hypervisorSnapshotBytes +
 *     arraySnapshotBytes}
 * @param uniqueBytes what deleting its files one by one would free at least. It is less than what
 *     deleting the whole VM frees only if its files share blocks with each other
 * @param sharedBytes mapped blocks that are not unique
 * @param reservedBytes reserved for its files and not used yet
 * @param liveBytes charged to its files and still in them, without redo logs
 * @param hypervisorSnapshotBytes the same of redo logs and of the files of hypervisor snapshots
 * @param arraySnapshotBytes charged to its files and no longer in them, because array snapshots or
 *     clones hold them
 */
public record VmSpace(
    long provisionedBytes,
    long usedBytes,
    long uniqueBytes,
    long sharedBytes,
    long reservedBytes,
    long liveBytes,
    long hypervisorSnapshotBytes,
    long arraySnapshotBytes) {
  /** Nothing. */
  public static final VmSpace NONE = new VmSpace(0, 0, 0, 0, 0, 0, 0, 0);

  /** The sum of both. */
  public VmSpace plus(VmSpace other) {
    return new VmSpace(
        provisionedBytes + other.provisionedBytes,
        usedBytes + other.usedBytes,
        uniqueBytes + other.uniqueBytes,
        sharedBytes + other.sharedBytes,
        reservedBytes + other.reservedBytes,
        liveBytes + other.liveBytes,
        hypervisorSnapshotBytes + other.hypervisorSnapshotBytes,
        arraySnapshotBytes + other.arraySnapshotBytes);
  }
}
