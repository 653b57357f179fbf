/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.guest.DiskContents;

/**
 * One disk in the state that is to be copied.
 *
 * @param disk the source
 * @param descriptorPath the descriptor through which that state can be read
 * @param flat the whole file that the state is based on; it is the state if nothing covers it
 * @param leftoverRedoLogs how many redo logs of older snapshots that state includes
 * @param isSecondRedoLog whether the state is the second of two sibling redo logs
 * @param contents what a reader of that state must find
 * @param contentsKnown whether {@code contents} is complete
 */
public record FrozenDisk(
    VirtualDisk disk,
    String descriptorPath,
    DatastoreFile flat,
    int leftoverRedoLogs,
    boolean isSecondRedoLog,
    DiskContents contents,
    boolean contentsKnown) {
  /** Where the files are. */
  public Datastore datastore() {
    return disk.datastore();
  }

  /** The state that a layer of a disk stands for. */
  static FrozenDisk of(VirtualDisk disk, boolean isSecond, VmSnapshot.Disk frozen) {
    String descriptorPath = frozen.descriptorPath();
    var chain = disk.layers().chain(descriptorPath);
    return new FrozenDisk(
        disk,
        descriptorPath,
        chain.get(chain.size() - 1).data(),
        chain.size() - 1 - (isSecond ? 1 : 0),
        isSecond,
        frozen.contents(),
        frozen.contentsKnown());
  }
}
