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
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.AccessCheck;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.HeapCost;

/**
 * The clone of one directory tree, or of one file, within one critical section: for use or as a
 * snapshot.
 *
 * <p>First a walk that only checks: every permission, the number of inodes. Then the copies are
 * made aside, where nobody can see them: no name leads to them and no handle finds them. If
 * anything fails now, their block maps are released and nothing has happened. Only a whole tree is
 * entered into the inode table; the caller then gives it its name. Several names of one file within
 * the tree become several names of one clone; names outside do not count.
 */
final class TreeClone {
  private final VolumeState state;
  private final Caller caller;
  private final Inode source;
  private final boolean readOnly;
  private final Map<Inode, Inode> copies = new HashMap<>();

  /** In the order of their file ids. */
  private final List<Inode> made = new ArrayList<>();

  private long inodeCount;
  private long attachedBytes;
  private long heapBytes;
  private long nameBytes;
  private long nameCount;
  private long lastChange;

  private TreeClone(VolumeState state, Caller caller, Inode source, boolean readOnly) {
    this.state = state;
    this.caller = caller;
    this.source = source;
    this.readOnly = readOnly;
  }

  /** A copy for the caller to use. */
  static TreeClone writable(VolumeState state, Caller caller, Inode source) {
    return new TreeClone(state, caller, source, false);
  }

  /** A copy that stays as the source is, owners and modes too. */
  static TreeClone snapshot(VolumeState state, Inode source) {
    return new TreeClone(state, Caller.ROOT, source, true);
  }

  /** A file, or a directory with everything below it, each inode once; under the lock. */
  static List<Inode> allIn(Inode top) {
    List<Inode> found = new ArrayList<>(List.of(top));
    Set<Inode> seen = new HashSet<>(found);
    for (int i = 0; i < found.size(); i++) {
      if (found.get(i).isDirectory()) {
        for (DirectoryEntry entry : found.get(i).directory().all()) {
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
      AccessCheck.requireRead(caller, source.attributes());
      count(Set.of(source));
      return;
    }
    Set<Inode> seen = new HashSet<>();
    Deque<Inode> directories = new ArrayDeque<>();
    directories.add(source);
    seen.add(source);
    while (!directories.isEmpty()) {
      Inode directory = directories.remove();
      AccessCheck.requireList(caller, directory.attributes());
      AccessCheck.requireSearch(caller, directory.attributes());
      for (DirectoryEntry entry : directory.directory().all()) {
        Inode inode = entry.inode();
        nameBytes += entry.name().lengthBytes();
        nameCount++;
        if (!seen.add(inode)) {
          continue;
        }
        if (seen.size() > state.limits.maxTreeInodes()) {
          throw new ArrayException(
              ArrayError.INVALID_ARGUMENT,
              "tree of more than " + state.limits.maxTreeInodes() + " inodes");
        }
        if (inode.isDirectory()) {
          directories.add(inode);
        } else if (inode.isRegular()) {
          AccessCheck.requireRead(caller, inode.attributes());
        } else if (inode.attributes().type() != FileType.SYMBOLIC_LINK) {
          SpecialFile.of(inode.attributes()).requireAllowed(caller);
        }
      }
    }
    count(seen);
  }

  private void count(Set<Inode> seen) {
    inodeCount = seen.size();
    for (Inode inode : seen) {
      attachedBytes += inode.attachments().sizeBytes();
      heapBytes += HeapCost.ofCopy(inode);
      lastChange = Math.max(lastChange, inode.attributes().changeCounter());
    }
  }

  /** As {@link #check} found it. */
  long inodeCount() {
    return inodeCount;
  }

  long attachedBytes() {
    return attachedBytes;
  }

  /** What a copy takes of the heap. */
  long heapBytes() {
    return heapBytes;
  }

  /**
   * @param copies how many, each under a name of its own
   * @throws ArrayException NO_SPACE (names)
   */
  void requireRoomForNames(int copies) {
    state
        .directories
        .names()
        .requireRoomFor(copies * (nameCount + 1), copies * (nameBytes + Name.MAX_BYTES));
  }

  /** The greatest change counter in the tree. */
  long lastChange() {
    return lastChange;
  }

  /**
   * @throws ArrayException NO_SPACE (inodes, attachments)
   */
  void requireRoom() {
    state.inodes.requireRoomFor(inodeCount);
    state.requireRoomToAttach(attachedBytes);
    state.requireRoomToMake(inodeCount, heapBytes);
    requireRoomForNames(1);
  }

  /** Makes the copies aside; if it fails, nothing has happened. */
  void copy(Inode parentDirectory) {
    try {
      copyTree(parentDirectory);
    } catch (RuntimeException | Error e) {
      made.stream().filter(Inode::isRegular).forEach(inode -> state.blocks.release(inode.map()));
      made.forEach(state::discard);
      throw e;
    }
  }

  /** The copy of the top. The tree is in the inode table, and waits for its name. */
  Inode enter() {
    copies.forEach((original, copy) -> state.attach(copy, original.attachments()));
    for (Inode inode : made) {
      state.enter(inode);
      if (inode.isRegular() && !readOnly) {
        state.resized(0, inode.attributes().sizeBytes());
      }
    }
    return made.get(0);
  }

  private void copyTree(Inode parentDirectory) {
    if (source.isRegular()) {
      copyFile(source);
      return;
    }
    Deque<Inode> directories = new ArrayDeque<>();
    copyDirectory(source, parentDirectory);
    directories.add(source);
    while (!directories.isEmpty()) {
      Inode original = directories.remove();
      Inode copy = copies.get(original);
      int subdirectories = 0;
      for (DirectoryEntry entry : original.directory().all()) {
        Inode inode = entry.inode();
        Inode known = copies.get(inode);
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

  private Inode copyDirectory(Inode original, Inode parent) {
    return keep(original, new Directory(parent, state.directories));
  }

  private Inode copyFile(Inode original) {
    if (!original.isRegular()) {
      return keep(original, original.immutableContent());
    }
    FileMap map = state.blocks.newMap();
    Inode copy = keep(original, map);
    state.blocks.cloneWhole(original.map(), map);
    return copy;
  }

  private Inode keep(Inode original, Object content) {
    Inode copy = state.factory.copy(caller, original.attributes(), content, readOnly);
    copies.put(original, copy);
    made.add(copy);
    return copy;
  }

  private static void addLinks(Inode copy, int links) {
    AttributeDraft draft = AttributeDraft.of(copy.attributes());
    draft.linkCount += links;
    copy.publish(draft.freeze());
  }
}
