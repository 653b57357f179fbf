/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Name;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;

/**
 * The clone of one directory tree, or of one file, in one critical section. It is for use, or is a
 * snapshot.
 *
 * <p>First it walks the tree and only checks every permission and the number of inodes. Then it
 * makes the copies aside, where nobody can see them, because no name leads to them and no handle
 * finds them. If anything fails now, their block maps are released, and nothing has happened. Only
 * a whole tree is entered into the inode table, and then the caller gives it its name. Several
 * names of one file in the tree become several names of one clone. Names outside the tree do not
 * count.
 */
final class TreeClone {
  private final VolumeContext context;
  private final Caller caller;
  private final VolumeInode source;
  private final boolean readOnly;
  private final Map<VolumeInode, VolumeInode> copies = new HashMap<>();

  /** The copies in the order of their file ids. */
  private final List<VolumeInode> made = new ArrayList<>();

  private long inodeCount;
  private long attachedBytes;
  private long heapBytes;
  private long nameBytes;
  private long nameCount;
  private long lastChange;

  private TreeClone(VolumeContext context, Caller caller, VolumeInode source, boolean readOnly) {
    this.context = context;
    this.caller = caller;
    this.source = source;
    this.readOnly = readOnly;
  }

  /** Prepares a copy for the caller to use. */
  static TreeClone writable(VolumeContext context, Caller caller, VolumeInode source) {
    return new TreeClone(context, caller, source, false);
  }

  /** Prepares a copy that stays as the source is, with owners and modes. */
  static TreeClone snapshot(VolumeContext context, VolumeInode source) {
    return new TreeClone(context, Caller.ROOT, source, true);
  }

  /**
   * Returns a file, or a directory with everything below it, with each inode once. The lock is
   * held.
   */
  static List<VolumeInode> allIn(VolumeInode top) {
    List<VolumeInode> found = new ArrayList<>(List.of(top));
    Set<VolumeInode> seen = new HashSet<>(found);
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).isDirectory()) {
        for (NamedInode entry : found.get(i).directory().all()) {
          if (seen.add(entry.inode())) {
            found.add(entry.inode());
          }
        }
      }
    }
    return found;
  }

  /**
   * @throws ArrayException ACCESS_DENIED, INVALID_ARGUMENT (too many inodes)
   */
  void check() {
    if (source.isRegular()) {
      AccessCheck.requireRead(caller, source.attributes(), source.acl());
      count(Set.of(source));
      return;
    }
    Set<VolumeInode> seen = new HashSet<>();
    Deque<VolumeInode> directories = new ArrayDeque<>();
    directories.add(source);
    seen.add(source);
    while (!directories.isEmpty()) {
      VolumeInode directory = directories.remove();
      AccessCheck.requireList(caller, directory.attributes(), directory.acl());
      AccessCheck.requireSearch(caller, directory.attributes(), directory.acl());
      for (NamedInode entry : directory.directory().all()) {
        VolumeInode inode = entry.inode();
        nameBytes += entry.name().lengthBytes();
        nameCount++;
        if (!seen.add(inode)) {
          continue;
        }
        if (seen.size() > context.limits.maxTreeInodes()) {
          throw new ArrayException(
              ArrayError.INVALID_ARGUMENT,
              "tree of more than " + context.limits.maxTreeInodes() + " inodes");
        }
        if (inode.isDirectory()) {
          directories.add(inode);
        } else if (inode.isRegular()) {
          AccessCheck.requireRead(caller, inode.attributes(), inode.acl());
        } else if (inode.attributes().type() != FileType.SYMBOLIC_LINK) {
          SpecialFile.of(inode.attributes()).requireAllowed(caller);
        }
      }
    }
    count(seen);
  }

  private void count(Set<VolumeInode> seen) {
    inodeCount = seen.size();
    for (VolumeInode inode : seen) {
      attachedBytes += inode.attachments().sizeBytes();
      heapBytes += HeapCost.ofCopy(inode);
      lastChange = Math.max(lastChange, inode.attributes().changeCounter());
    }
  }

  /** How many inodes {@link #check} found. */
  long inodeCount() {
    return inodeCount;
  }

  long attachedBytes() {
    return attachedBytes;
  }

  /** How many bytes of the heap a copy takes. */
  long heapBytes() {
    return heapBytes;
  }

  /**
   * @param copies how many copies are made, each under a name of its own
   * @throws ArrayException NO_SPACE (names)
   */
  void requireRoomForNames(int copies) {
    context
        .directories
        .names()
        .requireRoomFor(copies * (nameCount + 1), copies * (nameBytes + Name.MAX_BYTES));
  }

  /** Returns the greatest change counter in the tree. */
  long lastChange() {
    return lastChange;
  }

  /**
   * @throws ArrayException NO_SPACE (inodes, attachments)
   */
  void requireRoom() {
    context.inodes.requireRoomFor(inodeCount);
    context.requireRoomToAttach(attachedBytes);
    context.requireRoomToMake(inodeCount, heapBytes);
    requireRoomForNames(1);
  }

  /** Makes the copies aside. If that fails, nothing has happened. */
  void copy(VolumeInode parentDirectory) {
    try {
      copyTree(parentDirectory);
    } catch (RuntimeException | Error e) {
      made.stream()
          .filter(VolumeInode::isRegular)
          .forEach(inode -> context.blocks.release(inode.map()));
      made.forEach(context::discard);
      throw e;
    }
  }

  /**
   * Enters the tree into the inode table, where it waits for its name. Returns the copy of its top.
   */
  VolumeInode enter() {
    copies.forEach((original, copy) -> context.attach(copy, original.attachments()));
    for (VolumeInode inode : made) {
      context.enter(inode);
      if (inode.isRegular() && !readOnly) {
        context.resized(0, inode.attributes().sizeBytes());
      }
    }
    return made.get(0);
  }

  private void copyTree(VolumeInode parentDirectory) {
    if (source.isRegular()) {
      copyFile(source);
      return;
    }
    Deque<VolumeInode> directories = new ArrayDeque<>();
    copyDirectory(source, parentDirectory);
    directories.add(source);
    while (!directories.isEmpty()) {
      VolumeInode original = directories.remove();
      VolumeInode copy = copies.get(original);
      int subdirectories = 0;
      for (NamedInode entry : original.directory().all()) {
        VolumeInode inode = entry.inode();
        VolumeInode known = copies.get(inode);
        if (inode.isDirectory()) {
          subdirectories++;
          directories.add(inode);
          copy.directory().insert(entry.name(), copyDirectory(inode, copy));
        } else if (known != null) {
          addLinks(known, 1);
          copy.directory().insert(entry.name(), known);
        } else {
          copy.directory().insert(entry.name(), copyFile(inode));
        }
      }
      addLinks(copy, 1 + subdirectories);
    }
  }

  private VolumeInode copyDirectory(VolumeInode original, VolumeInode parent) {
    return keep(original, new Directory(parent, context.directories));
  }

  private VolumeInode copyFile(VolumeInode original) {
    if (!original.isRegular()) {
      return keep(original, original.immutableContent());
    }
    if (original.map().isNone()) {
      return keep(original, FileMap.NONE);
    }
    FileMap map = context.blocks.newMap();
    VolumeInode copy = keep(original, map);
    context.blocks.sharing().cloneWhole(original.map(), map);
    return copy;
  }

  private VolumeInode keep(VolumeInode original, Object content) {
    VolumeInode copy = context.factory.copy(caller, original.attributes(), content, readOnly);
    copies.put(original, copy);
    made.add(copy);
    return copy;
  }

  private static void addLinks(VolumeInode copy, int links) {
    AttributeDraft draft = AttributeDraft.of(copy.attributes());
    draft.linkCount += links;
    copy.publish(draft.freeze());
  }
}
