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
 * <p>Each volume has one lock, which is the block store's. It is held for every mutation, but only
 * for metadata, because payload is copied before. It guards the inode table, all directories, block
 * maps, attributes and the counters here. Nothing is called back while it is held. No other
 * volume's lock is taken under it, except by {@code NamedStates}, which takes all of them in the
 * order of their ids.
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

  /** Returns the root of a volume that was loaded. */
  public VolumeInode loadedRoot() {
    VolumeInode loaded = inodes.get(InodeTable.ROOT_FILE_ID);
    if (loaded == null || !loaded.isDirectory()) {
      throw new ArrayException(
          ArrayError.IO, "volume '" + home.volumeName() + "' is damaged: no root directory");
    }
    return loaded;
  }

  /**
   * Removes files that a crash left without a name, after everything is loaded, including the
   * blocks.
   */
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
   * Checks before anything is changed.
   *
   * @param newInodes how many inodes are new; a named state has to know of each that it does not
   *     have it
   * @param heapBytes what the inodes and everything else take
   * @throws ArrayException NO_SPACE
   */
  void requireRoomToMake(long newInodes, long heapBytes) {
    metadata.require(heapBytes + deltas.heapBytesToKnow(newInodes));
    if (newInodes > 0) {
      home.rows().requireRoomFor(newInodes);
    }
  }

  /**
   * Checks before anything is changed.
   *
   * @throws ArrayException NO_SPACE if there is no room for a new name
   */
  void requireRoomForName(Name name) {
    metadata.require(HeapCost.ofNewEntry());
    directories.names().requireRoomFor(1, name.lengthBytes());
  }

  /**
   * Checks before an entry is removed, for which there is still room when nothing else has any.
   *
   * @throws ArrayException NO_SPACE
   */
  void requireRoomToRemove(VolumeInode directory, VolumeInode inode) {
    metadata.requireForRemoval(deltas.heapBytesToKeep(directory) + deltas.heapBytesToKeep(inode));
  }

  /**
   * Returns an inode that a door gave, as the volume knows it.
   *
   * @throws ArrayException CROSS_VOLUME if it belongs to another volume
   */
  VolumeInode here(Inode inode) {
    if (inode instanceof VolumeInode own && own.volume() == volume) {
      return own;
    }
    throw new ArrayException(
        ArrayError.CROSS_VOLUME, inode + " is not in volume " + home.volumeName());
  }

  /**
   * Frees what an inode without names and holds has. Its handle is stale from then on. The lock is
   * held.
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

  /** Deletes an automatic snapshot with its last clone. */
  void dropIfUnused(StoredSnapshot snapshot) {
    if (snapshot.automatic() && snapshot.cloneCount() == 0) {
      drop(snapshot);
    }
  }

  /**
   * Removes inodes that a restore brought back without a name and that are not held. The lock is
   * held.
   */
  public void destroyNameless() {
    deltas.takeNameless().forEach(this::destroyIfUnused);
  }

  /**
   * Deletes a snapshot with all its inodes, and with the last snapshot the directory of snapshots.
   */
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

  /** Enters a new inode, before it gets a name. The lock is held. */
  void enter(VolumeInode made) {
    charge(made);
    inodes.add(made);
    deltas.made(made);
  }

  /** Makes the volume's first inode. */
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
