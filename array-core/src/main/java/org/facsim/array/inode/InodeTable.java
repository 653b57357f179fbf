/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.memory.MetadataAccount;

/**
 * The inodes of one volume by file id. Ids ascend from the root's id and are never given twice, so
 * a handle whose id finds nothing is stale for good. Lookups take no lock. Changes need the
 * volume's lock.
 */
public final class InodeTable {
  public static final long ROOT_FILE_ID = 1;

  private final SparseArray<VolumeInode> byFileId = new SparseArray<>();
  private final long maxInodes;
  private final MetadataAccount metadata;
  private final VolumeListener listener;
  private long nextFileId = ROOT_FILE_ID;

  /** What the table was charged last. */
  private long chargedBytes;

  /**
   * @param metadata the account to which the table is charged, without the inodes
   * @param listener is told what comes and goes; null in an ephemeral array
   */
  public InodeTable(long maxInodes, MetadataAccount metadata, VolumeListener listener) {
    this.metadata = metadata;
    this.maxInodes = maxInodes;
    this.listener = listener;
  }

  /** Returns the inode, or null. Takes no lock. */
  public VolumeInode get(long fileId) {
    return byFileId.get(fileId);
  }

  public long count() {
    return byFileId.count();
  }

  /**
   * Checks before anything is changed.
   *
   * @throws ArrayException NO_SPACE if this many more inodes would be too many
   */
  public void requireRoomFor(long inodes) {
    if (byFileId.count() + inodes > maxInodes) {
      throw new ArrayException(
          ArrayError.NO_SPACE, "volume is full: at most " + maxInodes + " inodes");
    }
  }

  /** How many more inodes there may be, by their number alone. */
  public long room() {
    return Math.max(0, maxInodes - byFileId.count());
  }

  /** Takes an id, which is never given again, whether or not an inode gets it. */
  public long takeFileId() {
    return nextFileId++;
  }

  public void add(VolumeInode inode) {
    byFileId.append(inode.fileId(), inode);
    charge();
    touch(inode);
  }

  /** Puts an inode back that was here before. */
  public void putBack(VolumeInode inode) {
    byFileId.putBack(inode.fileId(), inode);
    charge();
    touch(inode);
  }

  public void remove(VolumeInode inode) {
    byFileId.remove(inode.fileId());
    charge();
    touch(inode);
  }

  /** Loads an inode. Inodes come in the order of their ids. */
  public void restore(VolumeInode inode) {
    byFileId.append(inode.fileId(), inode);
    charge();
  }

  /** All inodes are loaded. */
  public void restored(long next) {
    nextFileId = next;
  }

  public long nextFileId() {
    return nextFileId;
  }

  /** Returns the inode with the least id at or above an id, or null. The volume's lock is held. */
  public VolumeInode next(long fileId) {
    return byFileId.next(fileId);
  }

  /** How many bytes of the heap the table takes, without inodes. */
  public long heapBytes() {
    return byFileId.heapBytes();
  }

  private void charge() {
    long bytes = byFileId.heapBytes();
    metadata.charge(bytes - chargedBytes);
    chargedBytes = bytes;
  }

  private void touch(VolumeInode inode) {
    if (listener != null) {
      listener.changed(inode);
    }
  }
}
