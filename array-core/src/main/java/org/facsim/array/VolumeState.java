/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.FileMap;
import org.facsim.array.durable.Batch;

/**
 * What the operations of one volume share.
 *
 * <p>One lock per volume, the block store's own, is held for every mutation and only for metadata:
 * payload is copied before it is taken. It guards the inode table, all directories, block maps,
 * attributes and the counters here. Nothing is called back while it is held and no other volume's
 * lock is ever taken under it.
 */
final class VolumeState {
  /** An ephemeral array has a single group, and it is durable from the start. */
  static final long EPHEMERAL_COMMIT_GROUP = 1;

  final Volume volume;
  final BlockStore blocks;
  final Lock lock;
  final InodeTable inodes;
  final InodeFactory factory;
  final Timestamps clock;
  final VolumeLimits limits;
  final SnapshotTable snapshots;

  /** Null in memory. */
  private final VolumeJournal journal;

  private long changeSequence;
  private long provisionedBytes;
  private volatile boolean deleted;

  /** Of all inodes' attachments. */
  private long attachedBytes;

  VolumeState(
      Volume volume,
      BlockStore blocks,
      HandleKey key,
      Timestamps clock,
      VolumeLimits limits,
      VolumeJournal journal) {
    this.volume = volume;
    this.blocks = blocks;
    this.lock = blocks.lock();
    this.journal = journal;
    this.inodes = new InodeTable(limits.maxInodes(), journal);
    this.snapshots = new SnapshotTable(journal != null);
    this.clock = clock;
    this.limits = limits;
    this.factory = new InodeFactory(this, key);
  }

  /**
   * The next value of a change counter. One sequence for the whole volume: each inode's counter is
   * strictly monotonic in it, and a restart keeps that true for every inode, those of lost updates
   * included, by starting once above whatever may have been given out. Under the lock.
   */
  long nextChange() {
    return ++changeSequence;
  }

  long commitGroup() {
    return journal == null ? EPHEMERAL_COMMIT_GROUP : journal.openGroup();
  }

  /** The root of a volume that was loaded. */
  Inode loadedRoot() {
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
  void touch(Inode inode) {
    if (journal != null) {
      journal.touch(inode);
    }
  }

  /** Something of the volume itself changed; under the lock. */
  void touchVolume() {
    if (journal != null) {
      journal.touchVolume();
    }
  }

  /** Puts what changed since the last cut into the batch of a group. */
  void cut(long group, Batch into) {
    lock.lock();
    try {
      journal.cut(this, group, into);
    } finally {
      lock.unlock();
    }
  }

  long changeSequence() {
    return changeSequence;
  }

  /** Everything is loaded: what may be given out next, and no file without a name or a holder. */
  void restore(long lastChange, long nextFileId) {
    lock.lock();
    try {
      changeSequence = lastChange;
      inodes.restored(nextFileId);
      Inode inode = inodes.next(0);
      while (inode != null) {
        destroyIfUnused(inode);
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

  /** Gives an inode other attachments; there is room. Under the lock. */
  void attach(Inode inode, Attachments next) {
    attachedBytes += next.sizeBytes() - inode.attachments().sizeBytes();
    inode.publish(next);
  }

  /** Gives an inode the attachments that are stored of it. */
  void restoreAttachments(Inode inode, Attachments stored) {
    attachedBytes += stored.sizeBytes();
    inode.restore(stored);
  }

  /** Under the lock. */
  long attachedBytes() {
    return attachedBytes;
  }

  /** The sum of the sizes of all regular files; under the lock. */
  long provisionedBytes() {
    return provisionedBytes;
  }

  boolean isDeleted() {
    return deleted;
  }

  /** Refuses to go on with a deleted volume. */
  void requirePresent() {
    if (deleted) {
      throw new ArrayException(ArrayError.STALE, "volume '" + volume.name() + "' is deleted");
    }
  }

  /** All inodes are stale from here on; the blocks go in the background. */
  void deleteVolume() {
    lock.lock();
    try {
      requirePresent();
      deleted = true; // before the blocks go, so that a reader without a lock notices
      if (journal == null) {
        blocks.abandon();
      }
    } finally {
      lock.unlock();
    }
  }

  /** The blocks of a deleted durable volume go, now that the deletion is durable. */
  void abandonBlocks() {
    lock.lock();
    try {
      blocks.abandon();
    } finally {
      lock.unlock();
    }
  }

  /** Outside the lock what is on its way back comes back, which may take many batches. */
  void resizeVolume(long sizeBlocks) {
    if (blocks.usedBlocks() + blocks.reservedBlocks() > sizeBlocks) {
      blocks.awaitReclaim();
    }
    lock.lock();
    try {
      requirePresent();
      long used = blocks.usedBlocks();
      long reserved = blocks.reservedBlocks();
      if (sizeBlocks < used + reserved) {
        throw new ArrayException(
            ArrayError.INVALID_ARGUMENT,
            "volume '%s' of %d bytes: %d are used and %d reserved"
                .formatted(volume.name(), bytes(sizeBlocks), bytes(used), bytes(reserved)));
      }
      blocks.setLimitBlocks(sizeBlocks);
      touchVolume();
    } finally {
      lock.unlock();
    }
  }

  long sizeBytes() {
    return bytes(blocks.limitBlocks());
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
    if (inode.attributes().linkCount() > 0 || inode.isHeld()) {
      return;
    }
    inode.markGone(); // before the blocks go, so that a reader without a lock notices
    inodes.remove(inode);
    attach(inode, Attachments.NONE);
    if (inode.isRegular()) {
      if (!inode.isReadOnly()) {
        resized(inode.attributes().sizeBytes(), 0);
      }
      blocks.release(inode.map());
    }
    Snapshot origin = snapshots.unlinkClone(inode.fileId());
    if (origin != null && origin.automatic() && origin.cloneCount() == 0) {
      drop(origin);
    }
  }

  /** A snapshot goes, with all its inodes; the directory of snapshots with the last. */
  void drop(Snapshot snapshot) {
    snapshots.remove(snapshot);
    Inode directory = snapshots.directory;
    Directory entries = directory.directory();
    entries.remove(entries.find(Name.of(snapshot.name())));
    int links = snapshot.root().isDirectory() ? -1 : 0;
    InodeChange.ofSnapshots(this, directory).modified().linksBy(links).publish();
    for (Inode inode : TreeClone.allIn(snapshot.root())) {
      forget(inode);
    }
    if (snapshots.count() == 0) {
      snapshots.directory = null;
      forget(directory);
    }
  }

  private void forget(Inode inode) {
    InodeChange change = InodeChange.ofSnapshots(this, inode);
    change.linksBy(-change.before.linkCount()).publish();
    destroyIfUnused(inode);
  }

  /** The volume's first inode. */
  Inode enterRoot() {
    lock.lock();
    try {
      Inode root = factory.root();
      inodes.add(root);
      return root;
    } finally {
      lock.unlock();
    }
  }

  void hold(Inode inode) {
    requireHere(inode);
    lock.lock();
    try {
      inode.requirePresent();
      inode.addHold();
    } finally {
      lock.unlock();
    }
  }

  void release(Inode inode) {
    requireHere(inode);
    lock.lock();
    try {
      inode.dropHold();
      if (!deleted) {
        destroyIfUnused(inode);
      }
    } finally {
      lock.unlock();
    }
  }

  FileSpace space(Inode inode) {
    requireHere(inode);
    lock.lock();
    try {
      inode.requirePresent();
      long sizeBytes = inode.attributes().sizeBytes();
      if (!inode.isRegular()) {
        return new FileSpace(sizeBytes, 0, 0, 0, 0);
      }
      FileMap map = inode.map();
      return new FileSpace(
          sizeBytes,
          bytes(map.referencedBlocks()),
          bytes(blocks.exclusiveBlocks(map)),
          bytes(map.chargedBlocks()),
          bytes(map.reservedBlocks()));
    } finally {
      lock.unlock();
    }
  }

  /** Of a file, or of all files in a tree. */
  TreeSpace treeSpace(Inode top) {
    requireHere(top);
    lock.lock();
    try {
      top.requirePresent();
      List<FileMap> maps = new ArrayList<>();
      long logicalBytes = 0;
      long referenced = 0;
      long live = 0;
      long charged = 0;
      long reserved = 0;
      for (Inode inode : TreeClone.allIn(top)) {
        if (inode.isRegular()) {
          FileMap map = inode.map();
          maps.add(map);
          logicalBytes += inode.attributes().sizeBytes();
          referenced += map.referencedBlocks();
          live += blocks.liveBlocks(map);
          charged += map.chargedBlocks();
          reserved += map.reservedBlocks();
        }
      }
      return new TreeSpace(
          maps.size(),
          logicalBytes,
          bytes(referenced),
          bytes(blocks.exclusiveBlocks(maps)),
          bytes(live),
          bytes(charged - live),
          bytes(reserved));
    } finally {
      lock.unlock();
    }
  }

  VolumeSpace space() {
    lock.lock();
    try {
      requirePresent();
      return new VolumeSpace(
          bytes(blocks.limitBlocks()),
          bytes(blocks.usedBlocks()),
          bytes(blocks.reservedBlocks()),
          bytes(blocks.referencedBlocks()),
          provisionedBytes,
          bytes(blocks.retainedBlocks()),
          bytes(blocks.reclaimPendingBlocks()),
          bytes(blocks.freeBlocks()),
          inodes.count());
    } finally {
      lock.unlock();
    }
  }

  private static long bytes(long blockCount) {
    return blockCount * Volume.BLOCK_BYTES;
  }
}
