/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.List;
import java.util.Optional;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Snapshot;
import org.facsim.array.Volume;
import org.facsim.array.Volume.Created;
import org.facsim.array.VolumeSnapshots;
import org.facsim.array.history.StoredSnapshot;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.VolumeInode;

/**
 * Snapshots: read-only clones of a file or of a directory tree, with names and lineage.
 *
 * <h2>How clients see them</h2>
 *
 * The directory {@code .snapshot} of the volume's root holds one entry per snapshot. It can be
 * looked up but is not listed, so that whoever walks the volume (rm -r, du, a backup) does not walk
 * its past; no other file can have that name. It is there while a snapshot is. All in it is
 * read-only for everybody, has file ids and handles of its own, and keeps owners and modes, so that
 * the permissions of the source hold for its snapshots too. Its attributes never change, access
 * times included.
 *
 * <h2>Cloning snapshots</h2>
 *
 * A clone made by the array itself ({@link CloneOperations#cloneTree}) comes from a snapshot of its
 * source: one that is made for it, or the source's last one if nothing in the source has changed
 * since. Such a snapshot is automatic: it goes with its last clone, and not before.
 *
 * <h2>Space</h2>
 *
 * A snapshot shares its source's blocks and is charged for none. A source that overwrites a block
 * stays charged for the old one: {@link VolumeState#treeSpace} shows it in the snapshot part.
 * Snapshots do not count as provisioned.
 */
public final class SnapshotOperations implements VolumeSnapshots {
  private final VolumeState state;
  private final NamespaceOperations names;

  public SnapshotOperations(VolumeState state, NamespaceOperations names) {
    this.state = state;
    this.names = names;
  }

  @Override
  public StoredSnapshot create(Caller caller, Inode givenSource, String name) {
    state.admit();
    VolumeInode source = state.here(givenSource);
    Name entry = Name.of(name);
    NamespaceOperations.requireRealName(entry);
    state.lock.lock();
    try {
      source.requirePresent();
      requireSnapshottable(source);
      AccessCheck.requireOwner(caller, source.attributes());
      if (state.snapshots.find(name) != null) {
        throw new ArrayException(ArrayError.EXISTS, "snapshot '" + name + "' exists");
      }
      TreeClone tree = TreeClone.snapshot(state, source);
      tree.check();
      requireRoom(tree, 1);
      return enter(tree, source, name, false);
    } finally {
      state.lock.unlock();
    }
  }

  private static void requireSnapshottable(VolumeInode source) {
    if (!source.isDirectory() && !source.isRegular()) {
      throw new ArrayException(ArrayError.WRONG_TYPE, source + ": neither file nor directory");
    }
    if (source.isReadOnly()) {
      throw new ArrayException(ArrayError.READ_ONLY, source + " is in a snapshot already");
    }
  }

  /**
   * Before anything is changed.
   *
   * @param copies how many copies of the tree will be made
   * @throws ArrayException NO_SPACE (inodes, snapshots)
   */
  void requireRoom(TreeClone tree, int copies) {
    int directories = state.snapshots.directory() == null ? 1 : 0;
    state.inodes.requireRoomFor(copies * tree.inodeCount() + directories);
    state.requireRoomToAttach(copies * tree.attachedBytes());
    state.requireRoomToMake(
        copies * tree.inodeCount() + directories,
        copies * tree.heapBytes() + HeapCost.ofSnapshot());
    tree.requireRoomForNames(copies + 1);
    if (state.snapshots.count() >= Volume.MAX_SNAPSHOTS) {
      throw new ArrayException(
          ArrayError.NO_SPACE, "volume has " + Volume.MAX_SNAPSHOTS + " snapshots, the most");
    }
  }

  /** The automatic snapshot that fits a source as it is now, or null. */
  StoredSnapshot reusable(VolumeInode source, long lastChange) {
    StoredSnapshot last = state.snapshots.lastOf(source.fileId());
    return last != null && last.automatic() && last.sourceChange() >= lastChange ? last : null;
  }

  /** Makes the cloning snapshot of a source; the tree is checked and there is room. */
  StoredSnapshot createAutomatic(TreeClone tree, VolumeInode source) {
    String name = "cloning-" + source.fileId() + "-" + state.nextChange();
    while (state.snapshots.find(name) != null) {
      name += "+";
    }
    return enter(tree, source, name, true);
  }

  /** The snapshot that a clone of one file comes from: one that fits, or one made now. */
  StoredSnapshot ofFile(VolumeInode source) {
    if (source.isReadOnly()) {
      StoredSnapshot whole = state.snapshots.ofRoot(source);
      if (whole != null) {
        return whole;
      }
    }
    TreeClone copy = TreeClone.snapshot(state, source);
    copy.check();
    StoredSnapshot fitting = reusable(source, copy.lastChange());
    if (fitting != null) {
      return fitting;
    }
    requireRoom(copy, 1);
    return createAutomatic(copy, source);
  }

  private StoredSnapshot enter(TreeClone tree, VolumeInode source, String name, boolean automatic) {
    VolumeInode directory = directory();
    tree.copy(directory);
    VolumeInode root = tree.enter();
    StoredSnapshot last = state.snapshots.lastOf(source.fileId());
    StoredSnapshot parent = last != null ? last : state.snapshots.originOf(source.fileId());
    StoredSnapshot snapshot =
        new StoredSnapshot(
            state.snapshots.takeId(),
            name,
            state.clock.nowNanos(),
            automatic,
            source.fileId(),
            state.nextChange(),
            parent == null ? 0 : parent.id(),
            0,
            root);
    state.snapshots.put(snapshot);
    try (InodeChange change = InodeChange.ofSnapshots(state, directory).modified()) {
      directory.directory().insert(Name.of(name), root);
      change.linksBy(root.isDirectory() ? 1 : 0).publish();
    }
    return snapshot;
  }

  private VolumeInode directory() {
    if (state.snapshots.directory() == null) {
      VolumeInode made = state.factory.snapshotDirectory(state.volume.root());
      state.enter(made);
      state.snapshots.setDirectory(made);
    }
    return state.snapshots.directory();
  }

  @Override
  public List<Snapshot> all() {
    state.lock.lock();
    try {
      state.life.requirePresent();
      return List.copyOf(state.snapshots.all());
    } finally {
      state.lock.unlock();
    }
  }

  @Override
  public Optional<Snapshot> originOf(Inode givenClone) {
    VolumeInode clone = state.here(givenClone);
    state.lock.lock();
    try {
      clone.requirePresent();
      return Optional.ofNullable(state.snapshots.originOf(clone.fileId()));
    } finally {
      state.lock.unlock();
    }
  }

  int depthOf(VolumeInode file) {
    state.lock.lock();
    try {
      file.requirePresent();
      return state.snapshots.depthOf(file.fileId());
    } finally {
      state.lock.unlock();
    }
  }

  @Override
  public Created restore(Caller caller, Snapshot wanted, Inode givenParentDirectory, Name newName) {
    state.admit();
    VolumeInode parentDirectory = state.here(givenParentDirectory);
    state.here(wanted.root());
    state.lock.lock();
    try {
      StoredSnapshot snapshot = requirePresent(wanted);
      if (names.findForMaking(caller, parentDirectory, newName) != null) {
        throw new ArrayException(ArrayError.EXISTS, "'" + newName + "' exists");
      }
      names.requireMayInsert(caller, parentDirectory, newName, 0);
      if (snapshot.root().isDirectory()) {
        names.requireRoomForLink(parentDirectory);
      }
      TreeClone tree = TreeClone.writable(state, caller, snapshot.root());
      tree.check();
      tree.requireRoom();
      tree.copy(parentDirectory);
      VolumeInode top = tree.enter();
      state.snapshots.linkClone(top.fileId(), snapshot.id());
      return names.giveName(parentDirectory, newName, top);
    } finally {
      state.lock.unlock();
    }
  }

  @Override
  public void delete(Caller caller, Snapshot wanted) {
    state.admit();
    state.here(wanted.root());
    state.lock.lock();
    try {
      StoredSnapshot snapshot = requirePresent(wanted);
      AccessCheck.requireOwner(caller, snapshot.root().attributes());
      if (snapshot.cloneCount() > 0) {
        throw new ArrayException(
            ArrayError.BUSY,
            "snapshot '" + snapshot.name() + "' has " + snapshot.cloneCount() + " clones");
      }
      state.drop(snapshot);
    } finally {
      state.lock.unlock();
    }
  }

  private StoredSnapshot requirePresent(Snapshot wanted) {
    state.life.requirePresent();
    StoredSnapshot snapshot = state.snapshots.get(wanted.id());
    if (snapshot == null) {
      throw new ArrayException(ArrayError.STALE, "snapshot '" + wanted.name() + "' is deleted");
    }
    return snapshot;
  }
}
