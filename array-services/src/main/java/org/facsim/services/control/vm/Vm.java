/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

/**
 * A virtual machine: a directory with a {@code .vmx} or {@code .vmdk} file.
 *
 * @param id {@code VOLUME/PATH}, unique at one moment
 * @param volume its volume
 * @param path its directory below the volume, without a slash in front; empty for the root
 * @param name the display name in its {@code .vmx}; that of its directory if it has none
 * @param version grows with every change of what is said here; see {@link VmInventory}
 * @param files regular files in the directory
 * @param disks disks that are no redo logs
 * @param redoLogs redo logs of hypervisor snapshots
 * @param arraySnapshots snapshots of the array of this directory, or of a file in it
 * @param isLocked whether a host has files of it locked by {@code .lck} files, as of a running VM
 * @param space what it takes
 * @param rates what moves
 * @param parent what it was cloned from; null if it is no clone by way of a snapshot
 */
public record Vm(
    String id,
    String volume,
    String path,
    String name,
    long version,
    int files,
    int disks,
    int redoLogs,
    int arraySnapshots,
    boolean isLocked,
    VmSpace space,
    VmRates rates,
    VmParent parent) {
  Vm withVersion(long other) {
    return new Vm(
        id,
        volume,
        path,
        name,
        other,
        files,
        disks,
        redoLogs,
        arraySnapshots,
        isLocked,
        space,
        rates,
        parent);
  }
}
