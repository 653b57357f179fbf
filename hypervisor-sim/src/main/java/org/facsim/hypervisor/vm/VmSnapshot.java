/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.facsim.hypervisor.guest.DiskContents;

/**
 * A VM snapshot: a line of the {@code .vmsd} and a file with the VM's configuration of that moment.
 *
 * @param id counts from 1 in each VM and is never used twice
 * @param parentId the snapshot on which it was taken; 0 if there was none
 * @param name as an administrator sees it; names need not be unique
 * @param description free text, may be empty
 * @param createTime by the host's clock
 * @param memory whether the memory is part of it; a revert then leads to a running VM
 * @param quiesced whether the guest was quiesced; empty if that is not known (the files do not say)
 * @param stateFileName the {@code .vmsn} in the VM's directory
 * @param disks the state of each disk, in the VM's order
 */
public record VmSnapshot(
    int id,
    int parentId,
    String name,
    String description,
    Instant createTime,
    boolean memory,
    Optional<Boolean> quiesced,
    String stateFileName,
    List<Disk> disks) {
  public VmSnapshot {
    disks = List.copyOf(disks);
  }

  /**
   * A disk as it was.
   *
   * @param descriptorPath the descriptor through which that state can be read, relative to the
   *     datastore
   * @param contents what a reader must find there
   * @param contentsKnown whether {@code contents} is complete; not so if the VM was registered from
   *     files that somebody else may have written
   */
  public record Disk(String descriptorPath, DiskContents contents, boolean contentsKnown) {}

  VmSnapshot withParent(int newParentId) {
    return new VmSnapshot(
        id, newParentId, name, description, createTime, memory, quiesced, stateFileName, disks);
  }

  VmSnapshot withDisks(List<Disk> newDisks) {
    return new VmSnapshot(
        id, parentId, name, description, createTime, memory, quiesced, stateFileName, newDisks);
  }
}
