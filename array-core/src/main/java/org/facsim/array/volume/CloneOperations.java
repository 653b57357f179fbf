/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.Volume.Created;
import org.facsim.array.VolumeClones;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.history.StoredSnapshot;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.VolumeInode;

/**
 * Clones: a file into an existing one or under a new name, or a directory tree; and the exchange of
 * contents, with which whoever builds a file aside puts it in place.
 */
public final class CloneOperations implements VolumeClones {
  private static final int UNNAMED_MODE = 0600;

  private final VolumeState state;
  private final NamespaceOperations names;
  private final SnapshotOperations snapshots;
  private final RangeOperations ranges;

  CloneOperations(
      VolumeState state,
      NamespaceOperations names,
      SnapshotOperations snapshots,
      RangeOperations ranges) {
    this.ranges = ranges;
    this.state = state;
    this.names = names;
    this.snapshots = snapshots;
  }

  @Override
  public Mutation cloneFile(Caller caller, Inode givenSource, Inode givenDestination) {
    state.admit();
    VolumeInode source = state.here(givenSource);
    VolumeInode destination = state.here(givenDestination);
    if (source == destination) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "file " + source.fileId() + " cannot be its own clone");
    }
    source.map();
    destination.map();
    state.lock.lock();
    try {
      requireMayShare(caller, source, destination);
      source.requirePresent();
      return share(caller, source, destination);
    } finally {
      state.lock.unlock();
    }
  }

  /** Under the lock, so that no right was taken away before contents that are shared. */
  private static void requireMayShare(Caller caller, VolumeInode source, VolumeInode destination) {
    AccessCheck.requireRead(caller, source.attributes());
    AccessCheck.requireWrite(caller, destination.attributes());
  }

  /** As {@link #cloneFile}, by way of a cloning snapshot. */
  @Override
  public Mutation cloneFileWithSnapshot(Caller caller, Inode givenSource, Inode givenDestination) {
    state.admit();
    VolumeInode source = state.here(givenSource);
    VolumeInode destination = state.here(givenDestination);
    source.map();
    destination.map();
    if (source == destination) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "file " + source.fileId() + " cannot be its own clone");
    }
    state.lock.lock();
    try {
      requireMayShare(caller, source, destination);
      source.requirePresent();
      destination.requirePresent();
      StoredSnapshot origin = snapshots.ofFile(source);
      try {
        Mutation mutation = share(caller, source, destination);
        StoredSnapshot former = state.snapshots.unlinkClone(destination.fileId());
        state.snapshots.linkClone(destination.fileId(), origin.id());
        if (former != null && former.id() != origin.id()) {
          state.dropIfUnused(former);
        }
        return mutation;
      } finally {
        state.dropIfUnused(state.snapshots.get(origin.id()));
      }
    } finally {
      state.lock.unlock();
    }
  }

  /** As {@link #cloneAs}, by way of a cloning snapshot. */
  @Override
  public Created cloneAsWithSnapshot(
      Caller caller, Inode givenSource, Inode givenDirectory, Name name, AttributeChanges wanted) {
    state.admit();
    VolumeInode source = state.here(givenSource);
    VolumeInode directory = state.here(givenDirectory);
    source.map();
    state.lock.lock();
    try {
      AccessCheck.requireRead(caller, source.attributes());
      source.requirePresent();
      StoredSnapshot origin = snapshots.ofFile(source);
      try {
        Created created = cloneHere(caller, source, directory, name, wanted);
        state.snapshots.linkClone(created.inode().fileId(), origin.id());
        return created;
      } finally {
        state.dropIfUnused(state.snapshots.get(origin.id()));
      }
    } finally {
      state.lock.unlock();
    }
  }

  /** What one file holds goes to the other and the other way round; see {@link Volume}. */
  @Override
  public Mutation exchangeContents(Caller caller, Inode givenFrom, Inode givenDestination) {
    state.admit();
    VolumeInode from = state.here(givenFrom);
    VolumeInode destination = state.here(givenDestination);
    if (from == destination) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "file " + from.fileId() + " and itself");
    }
    from.map();
    destination.map();
    state.lock.lock();
    try (InodeChange ofFrom = new InodeChange(state, from);
        InodeChange ofDestination = new InodeChange(state, destination)) {
      AccessCheck.requireWrite(caller, ofFrom.before);
      AccessCheck.requireWrite(caller, ofDestination.before);
      ofFrom.modified();
      ofDestination.modified();
      ofFrom.cutsContents();
      ofDestination.cutsContents();
      from.exchangeMapWith(destination);
      state.blocks.promises().move(from.map(), destination.map());
      takeOver(caller, ofFrom, ofDestination.before);
      takeOver(caller, ofDestination, ofFrom.before);
      ofFrom.publish();
      return ofDestination.publish();
    } finally {
      state.lock.unlock();
    }
  }

  private void takeOver(Caller caller, InodeChange change, FileAttributes other) {
    change.draft.sizeBytes = other.sizeBytes();
    if (other.sizeBytes() < change.before.sizeBytes()) {
      long endBytes = RangeOperations.roundUp(other.sizeBytes());
      state
          .blocks
          .promises()
          .unreserve(change.inode.map(), endBytes, Volume.MAX_FILE_BYTES - endBytes);
    }
    change.draft.usedBytes = change.inode.map().referencedBlocks() * Volume.BLOCK_BYTES;
    change.draft.mode = AccessCheck.withoutSetIds(caller, change.before);
    state.resized(change.before.sizeBytes(), other.sizeBytes());
  }

  /** A regular file that no name leads to, held by whoever asked for it. */
  @Override
  public VolumeInode createUnnamed(Caller caller) {
    state.admit();
    state.lock.lock();
    try {
      state.life.requirePresent();
      state.inodes.requireRoomFor(1);
      state.requireRoomToMake(1, HeapCost.ofNew(FileType.REGULAR, 0));
      InodeFactory.Seed seed = InodeFactory.Seed.file(state.blocks.newMap(), 0);
      VolumeInode made =
          state.factory.make(
              caller,
              state.volume.root().attributes(),
              seed,
              AttributeChanges.ofMode(UNNAMED_MODE));
      AttributeDraft draft = AttributeDraft.of(made.attributes());
      draft.linkCount = 0;
      made.publish(draft.freeze());
      made.addHold();
      state.charge(made);
      state.inodes.add(made);
      return made;
    } finally {
      state.lock.unlock();
    }
  }

  private Mutation share(Caller caller, VolumeInode source, VolumeInode destination) {
    try (InodeChange change = new InodeChange(state, destination).modified().cutsContents()) {
      state.blocks.cloneWhole(source.map(), destination.map());
      change.draft.sizeBytes = source.attributes().sizeBytes();
      if (change.draft.sizeBytes < change.before.sizeBytes()) {
        // cut as a truncate cuts: nothing is promised beyond the end
        long endBytes = RangeOperations.roundUp(change.draft.sizeBytes);
        state
            .blocks
            .promises()
            .unreserve(destination.map(), endBytes, Volume.MAX_FILE_BYTES - endBytes);
      }
      change.draft.usedBytes = destination.map().referencedBlocks() * Volume.BLOCK_BYTES;
      change.draft.mode = AccessCheck.withoutSetIds(caller, change.before);
      state.resized(change.before.sizeBytes(), change.draft.sizeBytes);
      return change.publish();
    }
  }

  @Override
  public Created cloneAs(
      Caller caller, Inode source, Inode directory, Name name, AttributeChanges wanted) {
    state.admit();
    return cloneHere(caller, state.here(source), state.here(directory), name, wanted);
  }

  @Override
  public Mutation cloneRange(
      Caller caller,
      Inode source,
      long sourceOffsetBytes,
      Inode destination,
      long destinationOffsetBytes,
      long lengthBytes) {
    state.admit();
    return ranges.cloneRange(
        caller,
        state.here(source),
        sourceOffsetBytes,
        state.here(destination),
        destinationOffsetBytes,
        lengthBytes);
  }

  @Override
  public int cloneDepth(Inode file) {
    return snapshots.depthOf(state.here(file));
  }

  private Created cloneHere(
      Caller caller,
      VolumeInode source,
      VolumeInode directory,
      Name name,
      AttributeChanges wanted) {
    AttributeOperations.requireValid(wanted);
    if (wanted.sizeBytes() != null) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "a clone has its source's size");
    }
    source.map();
    state.lock.lock();
    try {
      AccessCheck.requireRead(caller, source.attributes());
      source.requirePresent();
      if (names.findForMaking(caller, directory, name) != null) {
        throw new ArrayException(ArrayError.EXISTS, "'" + name + "' exists");
      }
      names.requireMayInsert(caller, directory, name, HeapCost.ofNew(FileType.REGULAR, 0));
      VolumeInode copy = copyOf(caller, source, directory, wanted);
      state.enter(copy);
      state.resized(0, copy.attributes().sizeBytes());
      return names.giveName(directory, name, copy);
    } finally {
      state.lock.unlock();
    }
  }

  /** A finished file that shares the source's blocks and that nobody can see yet. */
  private VolumeInode copyOf(
      Caller caller, VolumeInode source, VolumeInode directory, AttributeChanges wanted) {
    FileMap map = state.blocks.newMap();
    try {
      state.blocks.cloneWhole(source.map(), map);
    } catch (RuntimeException | Error e) {
      state.blocks.release(map);
      throw e;
    }
    InodeFactory.Seed seed = InodeFactory.Seed.file(map, source.attributes().sizeBytes());
    VolumeInode copy = state.factory.make(caller, directory.attributes(), seed, wanted);
    AttributeDraft draft = AttributeDraft.of(copy.attributes());
    draft.usedBytes = map.referencedBlocks() * Volume.BLOCK_BYTES;
    copy.publish(draft.freeze());
    return copy;
  }

  /**
   * Every clone has a snapshot that it came from: the one it is cloned out of, a fitting one that
   * is there, or one made now. A part of a snapshot is just copied.
   */
  private VolumeInode cloneWithOrigin(
      TreeClone tree, VolumeInode source, VolumeInode parentDirectory) {
    StoredSnapshot origin =
        source.isReadOnly()
            ? state.snapshots.ofRoot(source)
            : snapshots.reusable(source, tree.lastChange());
    if (origin != null || source.isReadOnly()) {
      tree.requireRoom();
      tree.copy(parentDirectory);
    } else {
      TreeClone copy = TreeClone.snapshot(state, source);
      copy.check();
      snapshots.requireRoom(copy, 2);
      origin = snapshots.createAutomatic(copy, source);
      try {
        tree.copy(parentDirectory);
      } catch (RuntimeException | Error e) {
        state.drop(origin);
        throw e;
      }
    }
    VolumeInode top = tree.enter();
    if (origin != null) {
      state.snapshots.linkClone(top.fileId(), origin.id());
    }
    return top;
  }

  @Override
  public Created cloneTree(
      Caller caller, Inode givenSourceDirectory, Inode givenParentDirectory, Name newName) {
    state.admit();
    VolumeInode sourceDirectory = state.here(givenSourceDirectory);
    VolumeInode parentDirectory = state.here(givenParentDirectory);
    sourceDirectory.directory();
    state.lock.lock();
    try {
      sourceDirectory.requirePresent();
      if (names.findForMaking(caller, parentDirectory, newName) != null) {
        throw new ArrayException(ArrayError.EXISTS, "'" + newName + "' exists");
      }
      if (Directory.isWithin(parentDirectory, sourceDirectory)) {
        throw new ArrayException(
            ArrayError.INVALID_ARGUMENT, "a directory cannot be cloned into itself");
      }
      names.requireMayInsert(caller, parentDirectory, newName, 0);
      names.requireRoomForLink(parentDirectory);
      TreeClone tree = TreeClone.writable(state, caller, sourceDirectory);
      tree.check();
      VolumeInode top = cloneWithOrigin(tree, sourceDirectory, parentDirectory);
      return names.giveName(parentDirectory, newName, top);
    } finally {
      state.lock.unlock();
    }
  }
}
