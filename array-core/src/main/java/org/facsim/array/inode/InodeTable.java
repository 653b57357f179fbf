/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.memory.MetadataAccount;

/**
 * The inodes of one volume by file id. Ids ascend from the root's and are never given twice, so a
 * handle whose id finds nothing is stale for good. Lookups take no lock; changes need the volume's.
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
   * @param metadata what the table is charged to; the inodes are not its business
   * @param listener told what comes and goes; null for a volume in memory
   */
  public InodeTable(long maxInodes, MetadataAccount metadata, VolumeListener listener) {
    this.metadata = metadata;
    this.maxInodes = maxInodes;
    this.listener = listener;
  }

  /** The inode or null; takes no lock. */
  public VolumeInode get(long fileId) {
    return byFileId.get(fileId);
  }

  public long count() {
    return byFileId.count();
  }

  /**
   * Before anything is changed.
   *
   * @throws ArrayException NO_SPACE if so many more inodes would be too many
   */
  public void requireRoomFor(long inodes) {
    if (byFileId.count() + inodes > maxInodes) {
      throw new ArrayException(
          ArrayError.NO_SPACE, "volume is full: at most " + maxInodes + " inodes");
    }
  }

  /** How many more there may be, by number alone. */
  public long room() {
    return Math.max(0, maxInodes - byFileId.count());
  }

  /** An id that is never given again, whether or not an inode comes of it. */
  public long takeFileId() {
    return nextFileId++;
  }

  public void add(VolumeInode inode) {
    byFileId.append(inode.fileId(), inode);
    charge();
    touch(inode);
  }

  /** An inode that was here once is here again. */
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

  /** Puts an inode back, in the order of ids. */
  public void restore(VolumeInode inode) {
    byFileId.append(inode.fileId(), inode);
    charge();
  }

  /** All are back. */
  public void restored(long next) {
    nextFileId = next;
  }

  public long nextFileId() {
    return nextFileId;
  }

  /** The inode with the least id at or above one, or null; under the volume's lock. */
  public VolumeInode next(long fileId) {
    return byFileId.next(fileId);
  }

  /** What the table takes of the heap, inodes left out. */
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
