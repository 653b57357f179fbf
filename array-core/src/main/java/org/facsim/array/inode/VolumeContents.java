/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.util.concurrent.locks.Lock;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.memory.MetadataAccount;

/**
 * What one volume consists of: blocks, inodes, directories, and the counters over them. The
 * volume's lock guards it, which is the block store's own.
 */
public class VolumeContents {
  /** The only group of an ephemeral array, which is durable from the start. */
  public static final long EPHEMERAL_GROUP = 1;

  public final InodeHome home;
  public final BlockStore blocks;
  public final Lock lock;
  public final MetadataAccount metadata;
  public final InodeTable inodes;
  public final InodeIndex byRow;
  public final Directory.Home directories;
  public final Timestamps clock;

  /** Null in an ephemeral array. */
  private final VolumeListener listener;

  private long changeSequence;
  private long provisionedBytes;

  /** The size of all inodes' attachments. */
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

  /** The group to which a mutation belongs that has just been made. */
  public final long transactionGroup() {
    return listener == null ? EPHEMERAL_GROUP : listener.openGroup();
  }

  /**
   * The next value of a change counter. The whole volume has one sequence, so each inode's counter
   * grows strictly. A restart begins above whatever may have been given out, so this stays true for
   * every inode, also after updates were lost. The lock is held.
   */
  public final long nextChange() {
    return ++changeSequence;
  }

  /** Whether somebody asks what changed, because the volume is durable. */
  public final boolean isStored() {
    return listener != null;
  }

  /** Notes that an inode changed. The lock is held. */
  public final void touch(VolumeInode inode) {
    if (listener != null) {
      listener.changed(inode);
    }
  }

  /** Notes that payload was written. The lock is held. */
  public final void wrote(int lengthBytes) {
    if (listener != null) {
      listener.wrote(lengthBytes);
    }
  }

  /** Notes that something of the volume itself changed. The lock is held. */
  public final void touchVolume() {
    if (listener != null) {
      listener.volumeChanged();
    }
  }

  public final long changeSequence() {
    return changeSequence;
  }

  /** Sets what may be given out next, after all names are loaded. */
  public final void restore(long lastChange, long nextFileId) {
    changeSequence = lastChange;
    inodes.restored(nextFileId);
  }

  /** Notes that the size of a regular file changed that is in no snapshot. The lock is held. */
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
   * Returns the map of a regular file whose blocks or reservations are about to change. It is made
   * if the file has none of its own, so the caller has asked for room. The lock is held.
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

  /** Charges an inode, as long as the volume or a named state knows it. */
  public final void charge(VolumeInode made) {
    metadata.charge(HeapCost.of(made));
    byRow.put(made);
  }

  /** Discards an inode that nobody will find, charged or not. */
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

  /** Ends the charge of an inode of which nothing knows any more. */
  public final void discharge(VolumeInode gone) {
    metadata.charge(-HeapCost.of(gone));
    discard(gone);
  }

  /** Gives an inode other attachments, for which there is room. The lock is held. */
  public final void attach(VolumeInode inode, Attachments next) {
    metadata.charge(HeapCost.of(next) - HeapCost.of(inode.attachments()));
    attachedBytes += next.sizeBytes() - inode.attachments().sizeBytes();
    inode.publish(next);
    if (listener != null) {
      listener.attachmentsChanged(next.sizeBytes());
    }
  }

  /** Gives an inode its stored attachments. */
  public final void restoreAttachments(VolumeInode inode, Attachments stored) {
    attachedBytes += stored.sizeBytes();
    metadata.charge(HeapCost.of(stored));
    inode.restore(stored);
  }

  /** Under the lock. */
  public final long attachedBytes() {
    return attachedBytes;
  }

  /** The sum of the sizes of all regular files. The lock is held. */
  public final long provisionedBytes() {
    return provisionedBytes;
  }

  /**
   * Asks for admission, before a mutation changes anything and before its lock is taken.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO, BUSY if a durable array cannot keep more
   *     changes in memory
   */
  public final void admit() {
    if (listener != null) {
      listener.admit();
    }
  }
}
