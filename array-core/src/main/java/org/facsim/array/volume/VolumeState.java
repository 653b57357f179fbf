/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.concurrent.locks.Lock;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Snapshot;
import org.facsim.array.Volume;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.history.SnapshotTable;
import org.facsim.array.history.VolumeStates;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.InodeIndex;
import org.facsim.array.inode.InodeTable;
import org.facsim.array.inode.Timestamps;
import org.facsim.array.log.Batch;
import org.facsim.array.stored.VolumeJournal;

/**
 * What the operations of one volume share.
 *
 * <p>One lock per volume, the block store's own, is held for every mutation and only for metadata:
 * payload is copied before it is taken. It guards the inode table, all directories, block maps,
 * attributes and the counters here. Nothing is called back while it is held and no other volume's
 * lock is taken under it, but for {@code ArrayStates}, which takes all in the order of their ids.
 */
public final class VolumeState {
  /** An ephemeral array has a single group, and it is durable from the start. */
  public static final long EPHEMERAL_COMMIT_GROUP = 1;

  public final Volume volume;
  public final BlockStore blocks;
  public final Lock lock;
  public final MetadataAccount metadata;
  public final InodeTable inodes;
  public final InodeIndex byRow;
  public final Directory.Home directories;
  public final InodeFactory factory;
  public final Timestamps clock;
  final VolumeLimits limits;
  public final SnapshotTable snapshots;
  public final VolumeStates states;
  public final VolumeLife life;
  public final VolumeFigures figures;

  /** Null in memory. */
  private final VolumeJournal journal;

  private long changeSequence;
  private long provisionedBytes;

  /** Of all inodes' attachments. */
  private long attachedBytes;

  public VolumeState(
      Volume volume,
      BlockStore blocks,
      Timestamps clock,
      VolumeLimits limits,
      VolumeJournal journal) {
    this.volume = volume;
    this.blocks = blocks;
    this.lock = blocks.lock();
    this.journal = journal;
    metadata = blocks.metadata();
    metadata.charge(HeapCost.VOLUME_BYTES);
    this.inodes = new InodeTable(limits.maxInodes(), metadata, journal);
    byRow = new InodeIndex(metadata);
    directories =
        new Directory.Home(
            blocks.openNames(volume.handleKey().nameKey(volume.id())),
            byRow,
            metadata,
            journal != null);
    this.snapshots = new SnapshotTable(journal != null, metadata);
    this.clock = clock;
    this.limits = limits;
    this.factory = new InodeFactory(this);
    states = new VolumeStates(this, journal == null ? null : journal.deltas());
    life = new VolumeLife(this);
    figures = new VolumeFigures(this);
  }

  /**
   * The next value of a change counter. One sequence for the whole volume: each inode's counter is
   * strictly monotonic in it, and a restart keeps that true for every inode, those of lost updates
   * included, by starting once above whatever may have been given out. Under the lock.
   */
  public long nextChange() {
    return ++changeSequence;
  }

  public long commitGroup() {
    return journal == null ? EPHEMERAL_COMMIT_GROUP : journal.openGroup();
  }

  /** The root of a volume that was loaded. */
  public Inode loadedRoot() {
    Inode loaded = inodes.get(InodeTable.ROOT_FILE_ID);
    if (loaded == null || !loaded.isDirectory()) {
      throw new ArrayException(
          ArrayError.IO, "volume '" + volume.name() + "' is damaged: no root directory");
    }
    return loaded;
  }

  /** Whether somebody asks what changed: the volume is durable. */
  boolean isJournaled() {
    return journal != null;
  }

  /** An inode changed; under the lock. */
  public void touch(Inode inode) {
    if (journal != null) {
      journal.touch(inode);
    }
  }

  /**
   * Before a mutation changes anything, and before its lock is taken.
   *
   * @throws ArrayException NO_SPACE, IO, BUSY: a durable array cannot keep more than it has
   */
  public void admit() {
    if (journal != null) {
      journal.admit();
    }
  }

  /** Payload was written; under the lock. */
  void wrote(int lengthBytes) {
    if (journal != null) {
      journal.wrote(lengthBytes);
    }
  }

  /** The volume is gone for good, and nothing of it is cut any more. Takes the lock. */
  public void forget() {
    lock.lock();
    try {
      journal.forget();
    } finally {
      lock.unlock();
    }
  }

  /** Something of the volume itself changed; under the lock. */
  void touchVolume() {
    if (journal != null) {
      journal.touchVolume();
    }
  }

  /** Puts what changed since the last cut into the batch of a group. */
  public void cut(long group, Batch into) {
    lock.lock();
    try {
      journal.cut(this, group, into);
    } finally {
      lock.unlock();
    }
  }

  public long changeSequence() {
    return changeSequence;
  }

  /** All names are loaded: what may be given out next. */
  public void restore(long lastChange, long nextFileId) {
    changeSequence = lastChange;
    inodes.restored(nextFileId);
  }

  /** Everything is loaded, the blocks too: files that a crash left without a name go. */
  public void dropNameless() {
    lock.lock();
    try {
      Inode inode = inodes.next(0);
      while (inode != null) {
        if (inode.attributes().linkCount() == 0) {
          life.released(inode);
        }
        inode = inodes.next(inode.fileId() + 1);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Notes that the logical size of a regular file, in no snapshot, changed; under the lock. */
  void resized(long fromBytes, long toBytes) {
    provisionedBytes += toBytes - fromBytes;
  }

  /** The same for a regular file that may be in a snapshot. */
  public void resizedUnlessReadOnly(Inode file, long fromBytes, long toBytes) {
    if (!file.isReadOnly()) {
      resized(fromBytes, toBytes);
    }
  }

  /**
   * Before anything is changed.
   *
   * @throws ArrayException NO_SPACE
   */
  void requireRoomToAttach(long bytes) {
    if (bytes > 0 && attachedBytes + bytes > limits.maxAttachedBytes()) {
      throw new ArrayException(
          ArrayError.NO_SPACE,
          "extended attributes and ACLs: volume keeps %d of at most %d bytes"
              .formatted(attachedBytes, limits.maxAttachedBytes()));
    }
  }

  /**
   * Before anything is changed.
   *
   * @param newInodes a named state has to know of each that it does not have it
   * @param heapBytes what they and all else take
   * @throws ArrayException NO_SPACE
   */
  void requireRoomToMake(long newInodes, long heapBytes) {
    metadata.require(heapBytes + states.heapBytesToKnow(newInodes));
    if (newInodes > 0) {
      volume.rows().requireRoomFor(newInodes);
    }
  }

  /**
   * Before anything is changed.
   *
   * @throws ArrayException NO_SPACE for a new name in any directory
   */
  void requireRoomForName(Name name) {
    metadata.require(HeapCost.ofNewEntry());
    directories.names().requireRoomFor(1, name.lengthBytes());
  }

  /**
   * Before an entry is removed; there is room for it longer than for anything else.
   *
   * @throws ArrayException NO_SPACE
   */
  void requireRoomToRemove(Inode directory, Inode inode) {
    metadata.requireForRemoval(states.heapBytesToKeep(directory) + states.heapBytesToKeep(inode));
  }

  /** An inode is there, as long as anything knows it: the volume or a named state. */
  public void charge(Inode made) {
    metadata.charge(HeapCost.of(made));
    byRow.put(made);
  }

  /** An inode that was charged or not, and that nobody will find. */
  void discard(Inode made) {
    if (made.isDirectory()) {
      made.directory().discard();
    }
    int row = made.leaveRow();
    if (row != 0) {
      byRow.remove(row);
      volume.rows().giveBack(row);
    }
  }

  /** Nothing knows the inode any more. */
  public void discharge(Inode gone) {
    metadata.charge(-HeapCost.of(gone));
    discard(gone);
  }

  /** Gives an inode other attachments; there is room. Under the lock. */
  public void attach(Inode inode, Attachments next) {
    metadata.charge(HeapCost.of(next) - HeapCost.of(inode.attachments()));
    attachedBytes += next.sizeBytes() - inode.attachments().sizeBytes();
    inode.publish(next);
    if (journal != null) {
      journal.touchAttachments(next.sizeBytes());
    }
  }

  /** Gives an inode the attachments that are stored of it. */
  public void restoreAttachments(Inode inode, Attachments stored) {
    attachedBytes += stored.sizeBytes();
    metadata.charge(HeapCost.of(stored));
    inode.restore(stored);
  }

  /** Under the lock. */
  public long attachedBytes() {
    return attachedBytes;
  }

  /** The sum of the sizes of all regular files; under the lock. */
  public long provisionedBytes() {
    return provisionedBytes;
  }

  /** Refuses an inode of another volume where both must be in one. */
  void requireHere(Inode inode) {
    if (inode.volume() != volume) {
      throw new ArrayException(
          ArrayError.CROSS_VOLUME, inode + " is not in volume " + volume.name());
    }
  }

  /**
   * Frees what a nameless and unheld inode has; its handle is stale from here on. Under the lock.
   */
  void destroyIfUnused(Inode inode) {
    if (inode.isGone() || inode.linkCount() > 0 || inode.isHeld()) {
      return;
    }
    states.keep(inode);
    inode.markGone(); // before the blocks go, so that a reader without a lock notices
    inodes.remove(inode);
    attach(inode, Attachments.NONE);
    if (inode.isRegular()) {
      resizedUnlessReadOnly(inode, inode.attributes().sizeBytes(), 0);
    }
    if (!states.takeAway(inode)) {
      if (inode.isRegular()) {
        blocks.release(inode.map());
      }
      discharge(inode);
    }
    Snapshot origin = snapshots.unlinkClone(inode.fileId());
    if (origin != null) {
      dropIfUnused(origin);
    }
  }

  /** An automatic snapshot goes with its last clone. */
  void dropIfUnused(Snapshot snapshot) {
    if (snapshot.automatic() && snapshot.cloneCount() == 0) {
      drop(snapshot);
    }
  }

  /** After a restore: what came back without a name and is not held goes. Under the lock. */
  public void destroyNameless() {
    states.takeNameless().forEach(this::destroyIfUnused);
  }

  /** A snapshot goes, with all its inodes; the directory of snapshots with the last. */
  void drop(Snapshot snapshot) {
    snapshots.remove(snapshot);
    Inode directory = snapshots.directory();
    InodeChange change = InodeChange.ofSnapshots(this, directory).modified();
    Directory entries = directory.directory();
    entries.remove(entries.find(Name.of(snapshot.name())));
    change.linksBy(snapshot.root().isDirectory() ? -1 : 0).publish();
    for (Inode inode : TreeClone.allIn(snapshot.root())) {
      forget(inode);
    }
    if (snapshots.count() == 0) {
      snapshots.setDirectory(null);
      forget(directory);
    }
  }

  private void forget(Inode inode) {
    InodeChange change = InodeChange.ofSnapshots(this, inode);
    change.linksBy(-change.before.linkCount()).publish();
    destroyIfUnused(inode);
  }

  /** A new inode is there; a name follows. Under the lock. */
  void enter(Inode made) {
    charge(made);
    inodes.add(made);
    states.made(made);
  }

  /** The volume's first inode. */
  public Inode enterRoot() {
    lock.lock();
    try {
      Inode root = factory.root();
      enter(root);
      return root;
    } finally {
      lock.unlock();
    }
  }

  public void hold(Inode inode) {
    requireHere(inode);
    lock.lock();
    try {
      inode.requirePresent();
      inode.addHold();
    } finally {
      lock.unlock();
    }
  }

  public void release(Inode inode) {
    requireHere(inode);
    lock.lock();
    try {
      inode.dropHold();
      life.released(inode);
    } finally {
      lock.unlock();
    }
  }
}
