/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.List;
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
import org.facsim.array.Volume.DirectoryPage;
import org.facsim.array.Volume.Linked;
import org.facsim.array.Volume.Renamed;
import org.facsim.array.VolumeNames;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;

/**
 * Finds, makes, links and removes names. Every method that changes something checks everything that
 * can be refused before the first change.
 */
public final class NamespaceOperations implements VolumeNames {
  static final Name SNAPSHOT_DIRECTORY = Name.of(Volume.SNAPSHOT_DIRECTORY);

  private final VolumeContext context;
  private final AttributeOperations attributes;
  private final RenameOperation renames;

  /** What must hold before an entry changes. */
  final EntryRules rules;

  public NamespaceOperations(VolumeContext context, AttributeOperations attributes) {
    this.context = context;
    this.attributes = attributes;
    rules = new EntryRules(context);
    renames = new RenameOperation(context, this);
  }

  /** Takes no lock. */
  @Override
  public VolumeInode lookup(Caller caller, Inode givenDirectory, Name name) {
    VolumeInode directory = context.here(givenDirectory);
    Directory entries = directory.directory();
    directory.requirePresent();
    AccessCheck.requireSearch(caller, directory);
    if (name.isDot()) {
      return directory;
    }
    if (name.isDotDot()) {
      return entries.parent(directory);
    }
    VolumeInode found = entries.lookup(name);
    if (found == null) {
      VolumeInode snapshots = context.snapshots.directory();
      if (snapshots != null && EntryRules.isSnapshotDirectory(directory, name)) {
        return snapshots;
      }
      throw EntryRules.notFound(name);
    }
    return found;
  }

  @Override
  public List<Name> pathOf(Inode inode) {
    return new PathWalk(context).from(context.here(inode));
  }

  @Override
  public long changes() {
    return context.directories.names().changes();
  }

  @Override
  public DirectoryPage readDirectory(
      Caller caller, Inode givenDirectory, long cookie, int maxEntries) {
    VolumeInode directory = context.here(givenDirectory);
    if (maxEntries < 1) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "page of " + maxEntries + " entries, at least 1");
    }
    Directory entries = directory.directory();
    FileAttributes seen = directory.attributes();
    AccessCheck.requireList(caller, seen, directory.acl());
    DirectoryPage page = entries.page(cookie, maxEntries);
    directory.requirePresent();
    directory.noteAccess(seen, context.clock.nowNanos());
    return page;
  }

  /** Anyone who can name a link may read it. */
  @Override
  public byte[] readLink(Caller caller, Inode givenLink) {
    VolumeInode link = context.here(givenLink);
    byte[] target = link.linkTarget().clone();
    link.requirePresent();
    link.noteAccess(link.attributes(), context.clock.nowNanos());
    return target;
  }

  @Override
  public Created create(
      Caller caller,
      Inode givenDirectory,
      Name name,
      Volume.CreateMode mode,
      AttributeChanges wanted) {
    context.admit();
    VolumeInode directory = context.here(givenDirectory);
    AttributeOperations.requireValid(wanted);
    context.lock.lock();
    try {
      FileAttributes parent = directory.attributes();
      NamedInode taken = rules.findForMaking(caller, directory, parent, name);
      if (taken != null) {
        VolumeInode existing = open(caller, taken, mode, wanted);
        return new Created(existing, existing.attributes(), InodeChange.none(context, directory));
      }
      rules.requireMayInsert(
          caller, directory, parent, name, FileType.REGULAR, HeapCost.ofNew(FileType.REGULAR, 0));
      FirstRights rights = FirstRights.of(wanted, directory, FileType.REGULAR);
      rights.requireRoom(context);
      long now = context.clock.nowNanos();
      VolumeInode file = newFile(caller, parent, mode, wanted, rights, now);
      return insertNew(directory, parent, name, file, rights, now);
    } finally {
      context.lock.unlock();
    }
  }

  /** Returns the file that a create finds under its name, if the create's mode accepts it. */
  private VolumeInode open(
      Caller caller, NamedInode taken, Volume.CreateMode mode, AttributeChanges wanted) {
    VolumeInode inode = taken.inode();
    if (mode instanceof Volume.CreateMode.Unchecked && inode.isDirectory()) {
      throw new ArrayException(ArrayError.IS_DIRECTORY, taken.name() + " is a directory");
    }
    boolean accepted =
        mode instanceof Volume.CreateMode.Unchecked
            || (mode instanceof Volume.CreateMode.Exclusive e && inode.wasMadeBy(e));
    if (!accepted || !inode.isRegular()) {
      throw EntryRules.exists(taken.name());
    }
    boolean truncates = wanted.sizeBytes() != null && wanted.sizeBytes() == 0;
    if (truncates && mode instanceof Volume.CreateMode.Unchecked) {
      attributes.truncateToZero(caller, inode);
    }
    return inode;
  }

  private VolumeInode newFile(
      Caller caller,
      FileAttributes parent,
      Volume.CreateMode mode,
      AttributeChanges wanted,
      FirstRights rights,
      long nowNanos) {
    long sizeBytes = wanted.sizeBytes() == null ? 0 : wanted.sizeBytes();
    InodeFactory.Seed seed = InodeFactory.Seed.file(FileMap.NONE, sizeBytes);
    VolumeInode file = context.factory.make(caller, parent, seed, wanted, rights, nowNanos);
    if (mode instanceof Volume.CreateMode.Exclusive exclusive) {
      file.rememberCreateVerifier(exclusive.verifier());
    }
    context.resized(0, sizeBytes);
    return file;
  }

  @Override
  public Created makeDirectory(
      Caller caller, Inode givenDirectory, Name name, AttributeChanges wanted) {
    context.admit();
    VolumeInode directory = context.here(givenDirectory);
    Directory entries = new Directory(directory, context.directories);
    return make(caller, directory, name, InodeFactory.Seed.directory(entries), wanted);
  }

  @Override
  public Created makeSymbolicLink(
      Caller caller, Inode givenDirectory, Name name, byte[] target, AttributeChanges wanted) {
    context.admit();
    VolumeInode directory = context.here(givenDirectory);
    if (target.length == 0) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "empty target of a symbolic link");
    }
    if (target.length > Volume.MAX_SYMLINK_BYTES) {
      throw new ArrayException(
          ArrayError.NAME_TOO_LONG,
          "target of " + target.length + " bytes, at most " + Volume.MAX_SYMLINK_BYTES);
    }
    byte[] own = target.clone();
    return make(caller, directory, name, InodeFactory.Seed.symbolicLink(own), wanted);
  }

  @Override
  public Created makeSpecial(
      Caller caller,
      Inode givenDirectory,
      Name name,
      FileType type,
      int deviceMajor,
      int deviceMinor,
      AttributeChanges wanted) {
    SpecialFile special = new SpecialFile(type, deviceMajor, deviceMinor);
    context.admit();
    VolumeInode directory = context.here(givenDirectory);
    special.requireAllowed(caller);
    return make(caller, directory, name, special.seed(), wanted);
  }

  private Created make(
      Caller caller,
      VolumeInode directory,
      Name name,
      InodeFactory.Seed seed,
      AttributeChanges wanted) {
    AttributeOperations.requireValid(wanted);
    context.lock.lock();
    try {
      FileAttributes parent = directory.attributes();
      if (rules.findForMaking(caller, directory, parent, name) != null) {
        throw EntryRules.exists(name);
      }
      int targetBytes = seed.content() instanceof byte[] target ? target.length : 0;
      long heapBytes = HeapCost.ofNew(seed.type(), targetBytes);
      rules.requireMayInsert(caller, directory, parent, name, seed.type(), heapBytes);
      FirstRights rights = FirstRights.of(wanted, directory, seed.type());
      rights.requireRoom(context);
      if (seed.type() == FileType.DIRECTORY) {
        rules.requireRoomForLink(directory);
      }
      long now = context.clock.nowNanos();
      VolumeInode inode = context.factory.make(caller, parent, seed, wanted, rights, now);
      return insertNew(directory, parent, name, inode, rights, now);
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public Linked link(Caller caller, Inode givenFile, Inode givenDirectory, Name name) {
    context.admit();
    VolumeInode file = context.here(givenFile);
    VolumeInode directory = context.here(givenDirectory);
    if (file.isDirectory()) {
      throw new ArrayException(ArrayError.IS_DIRECTORY, "a directory has one name only");
    }
    context.lock.lock();
    try {
      if (rules.findForMaking(caller, directory, name) != null) {
        throw EntryRules.exists(name);
      }
      AccessCheck.requireAdd(caller, directory.attributes(), directory.acl(), false);
      context.requireRoomForName(name);
      InodeChange ofFile = new InodeChange(context, file);
      if (ofFile.before.linkCount() == 0) {
        throw new ArrayException(ArrayError.STALE, "file " + file.fileId() + " has no name left");
      }
      rules.requireRoomForLink(file);
      InodeChange ofDirectory = new InodeChange(context, directory).modified();
      directory.directory().insert(name, file);
      Mutation linked = ofFile.linksBy(1).publish();
      return new Linked(linked.after(), ofDirectory.publish());
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public Renamed rename(Caller caller, Inode fromDirectory, Name from, Inode toDirectory, Name to) {
    context.admit();
    return renames.rename(caller, context.here(fromDirectory), from, context.here(toDirectory), to);
  }

  @Override
  public Mutation remove(Caller caller, Inode givenDirectory, Name name) {
    context.admit();
    VolumeInode directory = context.here(givenDirectory);
    return removeEntry(caller, directory, name, false);
  }

  @Override
  public Mutation removeDirectory(Caller caller, Inode givenDirectory, Name name) {
    context.admit();
    VolumeInode directory = context.here(givenDirectory);
    return removeEntry(caller, directory, name, true);
  }

  private Mutation removeEntry(
      Caller caller, VolumeInode directory, Name name, boolean directoryWanted) {
    EntryRules.requireRealName(name);
    context.lock.lock();
    try {
      FileAttributes parent = directory.attributes();
      NamedInode entry = rules.findForTaking(caller, directory, parent, name);
      VolumeInode inode = entry.inode();
      if (directoryWanted) {
        EntryRules.requireEmpty(inode);
      } else if (inode.isDirectory()) {
        throw new ArrayException(ArrayError.IS_DIRECTORY, name + " is a directory");
      }
      context.requireRoomToRemove(directory, inode);
      long now = context.clock.nowNanos();
      InodeChange ofDirectory = InodeChange.ofNamed(context, directory, parent, now).modified();
      directory.directory().remove(entry);
      if (directoryWanted) {
        ofDirectory.linksBy(-1);
      }
      unlinked(inode, now);
      return ofDirectory.publish();
    } finally {
      context.lock.unlock();
    }
  }

  /**
   * Notes that an inode has one name less. A directory has no other name. The lock is held, and the
   * entry is gone.
   */
  void unlinked(VolumeInode inode) {
    unlinked(inode, context.clock.nowNanos());
  }

  private void unlinked(VolumeInode inode, long nowNanos) {
    InodeChange change = InodeChange.ofNamed(context, inode, nowNanos);
    change.linksBy(inode.isDirectory() ? -change.before.linkCount() : -1).publish();
    context.destroyIfUnused(inode);
  }

  private Created insertNew(
      VolumeInode directory,
      FileAttributes seen,
      Name name,
      VolumeInode inode,
      FirstRights rights,
      long nowNanos) {
    rights.attach(context, inode);
    context.enter(inode);
    return giveName(InodeChange.ofNamed(context, directory, seen, nowNanos), name, inode);
  }

  /** Lets a free name lead to a finished inode. Nothing here can fail any more. */
  Created giveName(VolumeInode directory, Name name, VolumeInode inode) {
    return giveName(InodeChange.ofNamed(context, directory), name, inode);
  }

  private static Created giveName(InodeChange ofDirectory, Name name, VolumeInode inode) {
    ofDirectory.modified().inode.directory().insert(name, inode);
    if (inode.isDirectory()) {
      ofDirectory.linksBy(1);
    }
    return new Created(inode, inode.attributes(), ofDirectory.publish());
  }
}
