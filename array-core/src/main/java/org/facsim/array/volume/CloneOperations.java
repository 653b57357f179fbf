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
 * Clones a file into an existing one or under a new name, or a directory tree. It also exchanges
 * contents, which puts a file in place that was built aside.
 */
public final class CloneOperations implements VolumeClones {
  private static final int UNNAMED_MODE = 0600;

  private final VolumeContext context;
  private final NamespaceOperations names;
  private final SnapshotOperations snapshots;
  private final RangeOperations ranges;

  CloneOperations(
      VolumeContext context,
      NamespaceOperations names,
      SnapshotOperations snapshots,
      RangeOperations ranges) {
    this.ranges = ranges;
    this.context = context;
    this.names = names;
    this.snapshots = snapshots;
  }

  @Override
  public Mutation cloneFile(Caller caller, Inode givenSource, Inode givenDestination) {
    context.admit();
    VolumeInode source = context.here(givenSource);
    VolumeInode destination = context.here(givenDestination);
    if (source == destination) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "file " + source.fileId() + " cannot be its own clone");
    }
    source.map();
    destination.map();
    context.lock.lock();
    try {
      requireMayShare(caller, source, destination);
      source.requirePresent();
      return share(caller, source, destination);
    } finally {
      context.lock.unlock();
    }
  }

  /**
   * Checks rights under the lock, so that nobody can take a right away before the contents are
   * shared.
   */
  private static void requireMayShare(Caller caller, VolumeInode source, VolumeInode destination) {
    AccessCheck.requireRead(caller, source.attributes(), source.acl());
    AccessCheck.requireWrite(caller, destination.attributes(), destination.acl());
  }

  /** Clones like {@link #cloneFile}, by way of an automatic snapshot. */
  @Override
  public Mutation cloneFileWithSnapshot(Caller caller, Inode givenSource, Inode givenDestination) {
    context.admit();
    VolumeInode source = context.here(givenSource);
    VolumeInode destination = context.here(givenDestination);
    source.map();
    destination.map();
    if (source == destination) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "file " + source.fileId() + " cannot be its own clone");
    }
    context.lock.lock();
    try {
      requireMayShare(caller, source, destination);
      source.requirePresent();
      destination.requirePresent();
      StoredSnapshot origin = snapshots.ofFile(source);
      try {
        Mutation mutation = share(caller, source, destination);
        StoredSnapshot former = context.snapshots.unlinkClone(destination.fileId());
        context.snapshots.linkClone(destination.fileId(), origin.id());
        if (former != null && former.id() != origin.id()) {
          context.dropIfUnused(former);
        }
        return mutation;
      } finally {
        context.dropIfUnused(context.snapshots.get(origin.id()));
      }
    } finally {
      context.lock.unlock();
    }
  }

  /** Clones like {@link #cloneAs}, by way of an automatic snapshot. */
  @Override
  public Created cloneAsWithSnapshot(
      Caller caller, Inode givenSource, Inode givenDirectory, Name name, AttributeChanges wanted) {
    context.admit();
    VolumeInode source = context.here(givenSource);
    VolumeInode directory = context.here(givenDirectory);
    source.map();
    context.lock.lock();
    try {
      AccessCheck.requireRead(caller, source.attributes(), source.acl());
      source.requirePresent();
      StoredSnapshot origin = snapshots.ofFile(source);
      try {
        Created created = cloneHere(caller, source, directory, name, wanted);
        context.snapshots.linkClone(created.inode().fileId(), origin.id());
        return created;
      } finally {
        context.dropIfUnused(context.snapshots.get(origin.id()));
      }
    } finally {
      context.lock.unlock();
    }
  }

  /** Exchanges what two files hold, see {@link VolumeClones#exchangeContents}. */
  @Override
  public Mutation exchangeContents(Caller caller, Inode givenFrom, Inode givenDestination) {
    context.admit();
    VolumeInode from = context.here(givenFrom);
    VolumeInode destination = context.here(givenDestination);
    if (from == destination) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "file " + from.fileId() + " and itself");
    }
    from.map();
    destination.map();
    context.lock.lock();
    try (InodeChange ofFrom = new InodeChange(context, from);
        InodeChange ofDestination = new InodeChange(context, destination)) {
      AccessCheck.requireWrite(caller, ofFrom.before, ofFrom.inode.acl());
      AccessCheck.requireWrite(caller, ofDestination.before, ofDestination.inode.acl());
      ofFrom.modified();
      ofDestination.modified();
      ofFrom.mapToChange();
      ofDestination.mapToChange();
      ofFrom.cutsContents();
      ofDestination.cutsContents();
      from.exchangeMapWith(destination);
      context.blocks.reservations().move(from.map(), destination.map());
      takeOver(caller, ofFrom, ofDestination.before);
      takeOver(caller, ofDestination, ofFrom.before);
      ofFrom.publish();
      return ofDestination.publish();
    } finally {
      context.lock.unlock();
    }
  }

  private void takeOver(Caller caller, InodeChange change, FileAttributes other) {
    change.draft.sizeBytes = other.sizeBytes();
    if (other.sizeBytes() < change.before.sizeBytes()) {
      long endBytes = RangeOperations.roundUp(other.sizeBytes());
      context
          .blocks
          .reservations()
          .unreserve(change.inode.map(), endBytes, Volume.MAX_FILE_BYTES - endBytes);
    }
    change.draft.usedBytes = change.inode.map().referencedBlocks() * Volume.BLOCK_BYTES;
    change.draft.mode = AccessCheck.withoutSetIds(caller, change.before);
    context.resized(change.before.sizeBytes(), other.sizeBytes());
  }

  /** Makes a regular file to which no name leads, with a hold for the caller. */
  @Override
  public VolumeInode createUnnamed(Caller caller) {
    context.admit();
    context.lock.lock();
    try {
      context.life.requirePresent();
      context.inodes.requireRoomFor(1);
      context.requireRoomToMake(1, HeapCost.ofNew(FileType.REGULAR, 0));
      InodeFactory.Seed seed = InodeFactory.Seed.file(FileMap.NONE, 0);
      VolumeInode made =
          context.factory.make(
              caller,
              context.volume.root().attributes(),
              seed,
              AttributeChanges.NONE,
              FirstRights.ofMode(UNNAMED_MODE));
      AttributeDraft draft = AttributeDraft.of(made.attributes());
      draft.linkCount = 0;
      made.publish(draft.freeze());
      made.addHold();
      context.charge(made);
      context.inodes.add(made);
      return made;
    } finally {
      context.lock.unlock();
    }
  }

  private Mutation share(Caller caller, VolumeInode source, VolumeInode destination) {
    try (InodeChange change = new InodeChange(context, destination).modified().cutsContents()) {
      if (!source.map().isNone()) {
        change.mapToChange();
      }
      if (!destination.map().isNone()) {
        context.blocks.sharing().cloneWhole(source.map(), destination.map());
      }
      change.draft.sizeBytes = source.attributes().sizeBytes();
      if (change.draft.sizeBytes < change.before.sizeBytes()) {
        // as a truncate does: nothing is reserved beyond the end
        long endBytes = RangeOperations.roundUp(change.draft.sizeBytes);
        context
            .blocks
            .reservations()
            .unreserve(destination.map(), endBytes, Volume.MAX_FILE_BYTES - endBytes);
      }
      change.draft.usedBytes = destination.map().referencedBlocks() * Volume.BLOCK_BYTES;
      change.draft.mode = AccessCheck.withoutSetIds(caller, change.before);
      context.resized(change.before.sizeBytes(), change.draft.sizeBytes);
      return change.publish();
    }
  }

  @Override
  public Created cloneAs(
      Caller caller, Inode source, Inode directory, Name name, AttributeChanges wanted) {
    context.admit();
    return cloneHere(caller, context.here(source), context.here(directory), name, wanted);
  }

  @Override
  public Mutation cloneRange(
      Caller caller,
      Inode source,
      long sourceOffsetBytes,
      Inode destination,
      long destinationOffsetBytes,
      long lengthBytes) {
    context.admit();
    return ranges.cloneRange(
        caller,
        context.here(source),
        sourceOffsetBytes,
        context.here(destination),
        destinationOffsetBytes,
        lengthBytes);
  }

  @Override
  public int cloneDepth(Inode file) {
    return snapshots.depthOf(context.here(file));
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
    context.lock.lock();
    try {
      AccessCheck.requireRead(caller, source.attributes(), source.acl());
      source.requirePresent();
      if (names.rules.findForMaking(caller, directory, name) != null) {
        throw new ArrayException(ArrayError.EXISTS, "'" + name + "' exists");
      }
      names.rules.requireMayInsert(
          caller, directory, name, FileType.REGULAR, HeapCost.ofNew(FileType.REGULAR, 0));
      FirstRights rights = FirstRights.of(wanted, directory, FileType.REGULAR);
      rights.requireRoom(context);
      VolumeInode copy = copyOf(caller, source, directory, wanted, rights);
      rights.attach(context, copy);
      context.enter(copy);
      context.resized(0, copy.attributes().sizeBytes());
      return names.giveName(directory, name, copy);
    } finally {
      context.lock.unlock();
    }
  }

  /** Makes a finished file that shares the source's blocks and that nobody can see yet. */
  private VolumeInode copyOf(
      Caller caller,
      VolumeInode source,
      VolumeInode directory,
      AttributeChanges wanted,
      FirstRights rights) {
    FileMap map = copyOf(source.map());
    InodeFactory.Seed seed = InodeFactory.Seed.file(map, source.attributes().sizeBytes());
    VolumeInode copy = context.factory.make(caller, directory.attributes(), seed, wanted, rights);
    AttributeDraft draft = AttributeDraft.of(copy.attributes());
    draft.usedBytes = map.referencedBlocks() * Volume.BLOCK_BYTES;
    copy.publish(draft.freeze());
    return copy;
  }

  private FileMap copyOf(FileMap source) {
    if (source.isNone()) {
      return source;
    }
    FileMap map = context.blocks.newMap();
    try {
      context.blocks.sharing().cloneWhole(source, map);
    } catch (RuntimeException | Error e) {
      context.blocks.release(map);
      throw e;
    }
    return map;
  }

  /**
   * Makes a clone that comes from a snapshot: from the snapshot that is its source, from an
   * automatic one that fits, or from one that is made now. If the source is only a part of a
   * snapshot, it is copied without an origin.
   */
  private VolumeInode cloneWithOrigin(
      TreeClone tree, VolumeInode source, VolumeInode parentDirectory) {
    StoredSnapshot origin =
        source.isReadOnly()
            ? context.snapshots.ofRoot(source)
            : snapshots.reusable(source, tree.lastChange());
    if (origin != null || source.isReadOnly()) {
      tree.requireRoom();
      tree.copy(parentDirectory);
    } else {
      TreeClone copy = TreeClone.snapshot(context, source);
      copy.check();
      snapshots.requireRoom(copy, 2);
      origin = snapshots.createAutomatic(copy, source);
      try {
        tree.copy(parentDirectory);
      } catch (RuntimeException | Error e) {
        context.drop(origin);
        throw e;
      }
    }
    VolumeInode top = tree.enter();
    if (origin != null) {
      context.snapshots.linkClone(top.fileId(), origin.id());
    }
    return top;
  }

  @Override
  public Created cloneTree(
      Caller caller, Inode givenSourceDirectory, Inode givenParentDirectory, Name newName) {
    context.admit();
    VolumeInode sourceDirectory = context.here(givenSourceDirectory);
    VolumeInode parentDirectory = context.here(givenParentDirectory);
    sourceDirectory.directory();
    context.lock.lock();
    try {
      sourceDirectory.requirePresent();
      if (names.rules.findForMaking(caller, parentDirectory, newName) != null) {
        throw new ArrayException(ArrayError.EXISTS, "'" + newName + "' exists");
      }
      if (Directory.isWithin(parentDirectory, sourceDirectory)) {
        throw new ArrayException(
            ArrayError.INVALID_ARGUMENT, "a directory cannot be cloned into itself");
      }
      names.rules.requireMayInsert(caller, parentDirectory, newName, FileType.DIRECTORY, 0);
      names.rules.requireRoomForLink(parentDirectory);
      TreeClone tree = TreeClone.writable(context, caller, sourceDirectory);
      tree.check();
      VolumeInode top = cloneWithOrigin(tree, sourceDirectory, parentDirectory);
      return names.giveName(parentDirectory, newName, top);
    } finally {
      context.lock.unlock();
    }
  }
}
