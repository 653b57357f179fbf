/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.block.BlockStore;
import org.facsim.array.history.DeltaListener;
import org.facsim.array.history.SnapshotTable;
import org.facsim.array.history.StoredSnapshot;
import org.facsim.array.history.VolumeDeltas;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.InodeHome;
import org.facsim.array.inode.InodeTable;
import org.facsim.array.inode.Timestamps;
import org.facsim.array.inode.VolumeContents;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.inode.VolumeListener;

/**
 * What the operations of one volume share.
 *
 * <p>One lock per volume, the block store's own, is held for every mutation and only for metadata:
 * payload is copied before it is taken. It guards the inode table, all directories, block maps,
 * attributes and the counters here. Nothing is called back while it is held and no other volume's
 * lock is taken under it, but for {@code NamedStates}, which takes all in the order of their ids.
 */
public final class VolumeContext extends VolumeContents {
  public final OpenVolume volume;
  public final InodeFactory factory;
  public final SnapshotTable snapshots;
  public final VolumeDeltas deltas;
  public final VolumeLife life;
  public final VolumeFigures figures;
  final VolumeLimits limits;

  VolumeContext(
      OpenVolume volume,
      InodeHome home,
      BlockStore blocks,
      Timestamps clock,
      VolumeLimits limits,
      VolumeListener listener,
      DeltaListener deltaListener) {
    super(home, blocks, clock, limits.maxInodes(), listener);
    this.volume = volume;
    this.limits = limits;
    snapshots = new SnapshotTable(listener != null, metadata);
    factory = new InodeFactory(this);
    deltas = new VolumeDeltas(this, snapshots, deltaListener);
    life = new VolumeLife(this);
    figures = new VolumeFigures(this);
  }

  /** The root of a volume that was loaded. */
  public VolumeInode loadedRoot() {
    VolumeInode loaded = inodes.get(InodeTable.ROOT_FILE_ID);
    if (loaded == null || !loaded.isDirectory()) {
      throw new ArrayException(
          ArrayError.IO, "volume '" + home.volumeName() + "' is damaged: no root directory");
    }
    return loaded;
  }

  /** Everything is loaded, the blocks too: files that a crash left without a name go. */
  public void dropNameless() {
    lock.lock();
    try {
      VolumeInode inode = inodes.next(0);
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

  /**
   * Before anything is changed.
   *
   * @throws ArrayException NO_SPACE
   */
  void requireRoomToAttach(long bytes) {
    if (bytes > 0 && attachedBytes() + bytes > limits.maxAttachedBytes()) {
      throw new ArrayException(
          ArrayError.NO_SPACE,
          "extended attributes and ACLs: volume keeps %d of at most %d bytes"
              .formatted(attachedBytes(), limits.maxAttachedBytes()));
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
    metadata.require(heapBytes + deltas.heapBytesToKnow(newInodes));
    if (newInodes > 0) {
      home.rows().requireRoomFor(newInodes);
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
  void requireRoomToRemove(VolumeInode directory, VolumeInode inode) {
    metadata.requireForRemoval(deltas.heapBytesToKeep(directory) + deltas.heapBytesToKeep(inode));
  }

  /**
   * An inode that a door gave, as the volume knows it.
   *
   * @throws ArrayException CROSS_VOLUME if it is another volume's
   */
  VolumeInode here(Inode inode) {
    if (inode instanceof VolumeInode own && own.volume() == volume) {
      return own;
    }
    throw new ArrayException(
        ArrayError.CROSS_VOLUME, inode + " is not in volume " + home.volumeName());
  }

  /**
   * Frees what a nameless and unheld inode has; its handle is stale from here on. Under the lock.
   */
  void destroyIfUnused(VolumeInode inode) {
    if (inode.isGone() || inode.linkCount() > 0 || inode.isHeld()) {
      return;
    }
    deltas.keep(inode);
    inode.markGone(); // before the blocks go, so that a reader without a lock notices
    inodes.remove(inode);
    if (inode.hasAttachments()) {
      attach(inode, Attachments.NONE);
    }
    if (inode.isRegular()) {
      resizedUnlessReadOnly(inode, inode.sizeBytes(), 0);
    }
    if (!deltas.takeAway(inode)) {
      if (inode.isRegular()) {
        blocks.release(inode.map());
      }
      discharge(inode);
    }
    StoredSnapshot origin = snapshots.unlinkClone(inode.fileId());
    if (origin != null) {
      dropIfUnused(origin);
    }
  }

  /** An automatic snapshot goes with its last clone. */
  void dropIfUnused(StoredSnapshot snapshot) {
    if (snapshot.automatic() && snapshot.cloneCount() == 0) {
      drop(snapshot);
    }
  }

  /** After a restore: what came back without a name and is not held goes. Under the lock. */
  public void destroyNameless() {
    deltas.takeNameless().forEach(this::destroyIfUnused);
  }

  /** A snapshot goes, with all its inodes; the directory of snapshots with the last. */
  void drop(StoredSnapshot snapshot) {
    snapshots.remove(snapshot);
    VolumeInode directory = snapshots.directory();
    InodeChange change = InodeChange.ofSnapshots(this, directory).modified();
    Directory entries = directory.directory();
    entries.remove(entries.find(Name.of(snapshot.name())));
    change.linksBy(snapshot.root().isDirectory() ? -1 : 0).publish();
    for (VolumeInode inode : TreeClone.allIn(snapshot.root())) {
      forget(inode);
    }
    if (snapshots.count() == 0) {
      snapshots.setDirectory(null);
      forget(directory);
    }
  }

  private void forget(VolumeInode inode) {
    InodeChange change = InodeChange.ofSnapshots(this, inode);
    change.linksBy(-change.before.linkCount()).publish();
    destroyIfUnused(inode);
  }

  /** A new inode is there; a name follows. Under the lock. */
  void enter(VolumeInode made) {
    charge(made);
    inodes.add(made);
    deltas.made(made);
  }

  /** The volume's first inode. */
  public VolumeInode enterRoot() {
    lock.lock();
    try {
      VolumeInode root = factory.root();
      enter(root);
      return root;
    } finally {
      lock.unlock();
    }
  }

  public void hold(VolumeInode inode) {
    lock.lock();
    try {
      inode.requirePresent();
      inode.addHold();
    } finally {
      lock.unlock();
    }
  }

  public void release(VolumeInode inode) {
    lock.lock();
    try {
      inode.dropHold();
      life.released(inode);
    } finally {
      lock.unlock();
    }
  }
}
