/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.util.concurrent.locks.Lock;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.memory.MetadataAccount;

/**
 * What one volume consists of: blocks, inodes, directories, and the counters over them. Guarded by
 * the volume's lock, which is the block store's own.
 */
public class VolumeContents {
  /** An ephemeral array has a single group, and it is durable from the start. */
  public static final long EPHEMERAL_GROUP = 1;

  public final InodeHome home;
  public final BlockStore blocks;
  public final Lock lock;
  public final MetadataAccount metadata;
  public final InodeTable inodes;
  public final InodeIndex byRow;
  public final Directory.Home directories;
  public final Timestamps clock;

  /** Null in memory. */
  private final VolumeListener listener;

  private long changeSequence;
  private long provisionedBytes;

  /** Of all inodes' attachments. */
  private long attachedBytes;

  protected VolumeContents(
      InodeHome home,
      BlockStore blocks,
      Timestamps clock,
      long maxInodes,
      VolumeListener listener) {
    this.home = home;
    this.blocks = blocks;
    this.lock = blocks.lock();
    this.clock = clock;
    this.listener = listener;
    metadata = blocks.metadata();
    metadata.charge(HeapCost.VOLUME_BYTES);
    inodes = new InodeTable(maxInodes, metadata, listener);
    byRow = new InodeIndex(metadata);
    directories =
        new Directory.Home(
            blocks.openNames(home.key().nameKey(home.volumeId())),
            byRow,
            metadata,
            listener != null);
  }

  /** The group to which a mutation that has just been made belongs. */
  public final long transactionGroup() {
    return listener == null ? EPHEMERAL_GROUP : listener.openGroup();
  }

  /**
   * The next value of a change counter. One sequence for the whole volume: each inode's counter is
   * strictly monotonic in it, and a restart keeps that true for every inode, those of lost updates
   * included, by starting once above whatever may have been given out. Under the lock.
   */
  public final long nextChange() {
    return ++changeSequence;
  }

  /** Whether somebody asks what changed: the volume is durable. */
  public final boolean isStored() {
    return listener != null;
  }

  /** An inode changed; under the lock. */
  public final void touch(VolumeInode inode) {
    if (listener != null) {
      listener.changed(inode);
    }
  }

  /** Payload was written; under the lock. */
  public final void wrote(int lengthBytes) {
    if (listener != null) {
      listener.wrote(lengthBytes);
    }
  }

  /** Something of the volume itself changed; under the lock. */
  public final void touchVolume() {
    if (listener != null) {
      listener.volumeChanged();
    }
  }

  public final long changeSequence() {
    return changeSequence;
  }

  /** All names are loaded: what may be given out next. */
  public final void restore(long lastChange, long nextFileId) {
    changeSequence = lastChange;
    inodes.restored(nextFileId);
  }

  /** Notes that the logical size of a regular file, in no snapshot, changed; under the lock. */
  public final void resized(long fromBytes, long toBytes) {
    provisionedBytes += toBytes - fromBytes;
  }

  /** The same for a regular file that may be in a snapshot. */
  public final void resizedUnlessReadOnly(VolumeInode file, long fromBytes, long toBytes) {
    if (!file.isReadOnly()) {
      resized(fromBytes, toBytes);
    }
  }

  /**
   * The map of a regular file about whose blocks or promises something is about to change; made if
   * it has none of its own, by whoever asked for room. Under the lock.
   */
  public final FileMap ownMap(VolumeInode file) {
    if (file.map().isNone()) {
      file.replaceMap(blocks.newMap());
      touch(file); // its row names the map
    }
    return file.map();
  }

  /** Nothing came of it: what {@link #ownMap} made goes, if it is empty. Under the lock. */
  public final void takeBackMap(VolumeInode file) {
    FileMap own = file.map();
    if (own.isEmpty()) {
      file.replaceMap(FileMap.NONE);
      blocks.release(own);
      touch(file);
    }
  }

  /** An inode is there, as long as anything knows it: the volume or a named state. */
  public final void charge(VolumeInode made) {
    metadata.charge(HeapCost.of(made));
    byRow.put(made);
  }

  /** An inode that was charged or not, and that nobody will find. */
  public final void discard(VolumeInode made) {
    if (made.isDirectory()) {
      made.directory().discard();
    }
    int row = made.leaveRow();
    if (row != 0) {
      byRow.remove(row);
      home.rows().giveBack(row);
    }
  }

  /** Nothing knows the inode any more. */
  public final void discharge(VolumeInode gone) {
    metadata.charge(-HeapCost.of(gone));
    discard(gone);
  }

  /** Gives an inode other attachments; there is room. Under the lock. */
  public final void attach(VolumeInode inode, Attachments next) {
    metadata.charge(HeapCost.of(next) - HeapCost.of(inode.attachments()));
    attachedBytes += next.sizeBytes() - inode.attachments().sizeBytes();
    inode.publish(next);
    if (listener != null) {
      listener.attachmentsChanged(next.sizeBytes());
    }
  }

  /** Gives an inode the attachments that are stored of it. */
  public final void restoreAttachments(VolumeInode inode, Attachments stored) {
    attachedBytes += stored.sizeBytes();
    metadata.charge(HeapCost.of(stored));
    inode.restore(stored);
  }

  /** Under the lock. */
  public final long attachedBytes() {
    return attachedBytes;
  }

  /** The sum of the sizes of all regular files; under the lock. */
  public final long provisionedBytes() {
    return provisionedBytes;
  }

  /**
   * Before a mutation changes anything, and before its lock is taken.
   *
   * @throws ArrayException NO_SPACE, IO, BUSY: a durable array cannot keep more than it has
   */
  public final void admit() {
    if (listener != null) {
      listener.admit();
    }
  }
}
