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
 * The directory {@code .snapshot} of the volume's root has one entry for each snapshot. Clients can
 * look it up, but it is not listed, so that whoever walks the volume (rm -r, du, a backup) does not
 * walk its past. No other file can have that name. The directory is there as long as there is a
 * snapshot. Everything in it is read-only for everybody and has its own file ids and handles. It
 * keeps owners and modes, so that the source's permissions hold for its snapshots, too. Its
 * attributes, including access times, never change.
 *
 * <h2>Automatic snapshots</h2>
 *
 * A clone made by the array itself ({@link CloneOperations#cloneTree}) comes from a snapshot of its
 * source. If nothing in the source has changed since its last snapshot, it is that one; otherwise a
 * new one is made. Such a snapshot is automatic: it is deleted with its last clone, and not before.
 *
 * <h2>Space</h2>
 *
 * A snapshot shares its source's blocks and is charged for none of them. A source that overwrites a
 * block stays charged for the old block, which {@link org.facsim.array.TreeSpace} shows as snapshot
 * bytes. Snapshots do not count as provisioned.
 */
public final class SnapshotOperations implements VolumeSnapshots {
  private final VolumeContext context;
  private final NamespaceOperations names;

  public SnapshotOperations(VolumeContext context, NamespaceOperations names) {
    this.context = context;
    this.names = names;
  }

  @Override
  public StoredSnapshot create(Caller caller, Inode givenSource, String name) {
    context.admit();
    VolumeInode source = context.here(givenSource);
    Name entry = Name.of(name);
    EntryRules.requireRealName(entry);
    context.lock.lock();
    try {
      source.requirePresent();
      requireSnapshottable(source);
      AccessCheck.requireOwner(caller, source.attributes());
      if (context.snapshots.find(name) != null) {
        throw new ArrayException(ArrayError.EXISTS, "snapshot '" + name + "' exists");
      }
      TreeClone tree = TreeClone.snapshot(context, source);
      tree.check();
      requireRoom(tree, 1);
      return enter(tree, source, name, false);
    } finally {
      context.lock.unlock();
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
   * Checks before anything is changed.
   *
   * @param copies how many copies of the tree will be made
   * @throws ArrayException NO_SPACE (inodes, snapshots)
   */
  void requireRoom(TreeClone tree, int copies) {
    int directories = context.snapshots.directory() == null ? 1 : 0;
    context.inodes.requireRoomFor(copies * tree.inodeCount() + directories);
    context.requireRoomToAttach(copies * tree.attachedBytes());
    context.requireRoomToMake(
        copies * tree.inodeCount() + directories,
        copies * tree.heapBytes() + HeapCost.ofSnapshot());
    tree.requireRoomForNames(copies + 1);
    if (context.snapshots.count() >= Volume.MAX_SNAPSHOTS) {
      throw new ArrayException(
          ArrayError.NO_SPACE, "volume has " + Volume.MAX_SNAPSHOTS + " snapshots, the most");
    }
  }

  /** Returns the automatic snapshot that fits a source as it is now, or null. */
  StoredSnapshot reusable(VolumeInode source, long lastChange) {
    StoredSnapshot last = context.snapshots.lastOf(source.fileId());
    return last != null && last.automatic() && last.sourceChange() >= lastChange ? last : null;
  }

  /** Makes the automatic snapshot of a source. The tree is checked already, and there is room. */
  StoredSnapshot createAutomatic(TreeClone tree, VolumeInode source) {
    String name = "cloning-" + source.fileId() + "-" + context.nextChange();
    while (context.snapshots.find(name) != null) {
      name += "+";
    }
    return enter(tree, source, name, true);
  }

  /** Returns the snapshot from which a clone of one file comes: one that fits, or a new one. */
  StoredSnapshot ofFile(VolumeInode source) {
    if (source.isReadOnly()) {
      StoredSnapshot whole = context.snapshots.ofRoot(source);
      if (whole != null) {
        return whole;
      }
    }
    TreeClone copy = TreeClone.snapshot(context, source);
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
    StoredSnapshot last = context.snapshots.lastOf(source.fileId());
    StoredSnapshot parent = last != null ? last : context.snapshots.originOf(source.fileId());
    StoredSnapshot snapshot =
        new StoredSnapshot(
            context.snapshots.takeId(),
            name,
            context.clock.nowNanos(),
            automatic,
            source.fileId(),
            context.nextChange(),
            parent == null ? 0 : parent.id(),
            0,
            root);
    context.snapshots.put(snapshot);
    try (InodeChange change = InodeChange.ofSnapshots(context, directory).modified()) {
      directory.directory().insert(Name.of(name), root);
      change.linksBy(root.isDirectory() ? 1 : 0).publish();
    }
    return snapshot;
  }

  private VolumeInode directory() {
    if (context.snapshots.directory() == null) {
      VolumeInode made = context.factory.snapshotDirectory(context.volume.root());
      context.enter(made);
      context.snapshots.setDirectory(made);
    }
    return context.snapshots.directory();
  }

  @Override
  public List<Snapshot> all() {
    context.lock.lock();
    try {
      context.life.requirePresent();
      return List.copyOf(context.snapshots.all());
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public Optional<Snapshot> originOf(Inode givenClone) {
    VolumeInode clone = context.here(givenClone);
    context.lock.lock();
    try {
      clone.requirePresent();
      return Optional.ofNullable(context.snapshots.originOf(clone.fileId()));
    } finally {
      context.lock.unlock();
    }
  }

  int depthOf(VolumeInode file) {
    context.lock.lock();
    try {
      file.requirePresent();
      return context.snapshots.depthOf(file.fileId());
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public Created restore(Caller caller, Snapshot wanted, Inode givenParentDirectory, Name newName) {
    context.admit();
    VolumeInode parentDirectory = context.here(givenParentDirectory);
    context.here(wanted.root());
    context.lock.lock();
    try {
      StoredSnapshot snapshot = requirePresent(wanted);
      if (names.rules.findForMaking(caller, parentDirectory, newName) != null) {
        throw new ArrayException(ArrayError.EXISTS, "'" + newName + "' exists");
      }
      names.rules.requireMayInsert(
          caller, parentDirectory, newName, snapshot.root().attributes().type(), 0);
      if (snapshot.root().isDirectory()) {
        names.rules.requireRoomForLink(parentDirectory);
      }
      TreeClone tree = TreeClone.writable(context, caller, snapshot.root());
      tree.check();
      tree.requireRoom();
      tree.copy(parentDirectory);
      VolumeInode top = tree.enter();
      context.snapshots.linkClone(top.fileId(), snapshot.id());
      return names.giveName(parentDirectory, newName, top);
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public void delete(Caller caller, Snapshot wanted) {
    context.admit();
    context.here(wanted.root());
    context.lock.lock();
    try {
      StoredSnapshot snapshot = requirePresent(wanted);
      AccessCheck.requireOwner(caller, snapshot.root().attributes());
      if (snapshot.cloneCount() > 0) {
        throw new ArrayException(
            ArrayError.BUSY,
            "snapshot '%s' has %d clone%s; allowed: one without clones; delete them first"
                .formatted(
                    snapshot.name(), snapshot.cloneCount(), snapshot.cloneCount() == 1 ? "" : "s"));
      }
      context.drop(snapshot);
    } finally {
      context.lock.unlock();
    }
  }

  private StoredSnapshot requirePresent(Snapshot wanted) {
    context.life.requirePresent();
    StoredSnapshot snapshot = context.snapshots.get(wanted.id());
    if (snapshot == null) {
      throw new ArrayException(ArrayError.STALE, "snapshot '" + wanted.name() + "' is deleted");
    }
    return snapshot;
  }
}
