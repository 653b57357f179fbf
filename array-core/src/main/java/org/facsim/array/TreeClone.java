/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.block.FileMap;

/**
 * The clone of one directory tree, within one critical section.
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
  private final Map<Inode, Inode> copies = new HashMap<>();

  /** In the order of their file ids. */
  private final List<Inode> made = new ArrayList<>();

  TreeClone(VolumeState state, Caller caller, Inode source) {
    this.state = state;
    this.caller = caller;
    this.source = source;
  }

  /**
   * @throws ArrayException ACCESS_DENIED, INVALID_ARGUMENT (too many inodes), NO_SPACE (inodes)
   */
  void check() {
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
    state.inodes.requireRoomFor(seen.size());
  }

  /** The copy of the top directory. The tree is in the inode table, and waits for its name. */
  Inode build(Inode parentDirectory) {
    try {
      copyTree(parentDirectory);
    } catch (RuntimeException | Error e) {
      made.stream().filter(Inode::isRegular).forEach(inode -> state.blocks.release(inode.map()));
      throw e;
    }
    for (Inode inode : made) {
      state.inodes.add(inode);
      if (inode.isRegular()) {
        state.resized(0, inode.attributes().sizeBytes());
      }
    }
    return made.get(0);
  }

  private void copyTree(Inode parentDirectory) {
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
    return keep(original, new Directory(parent, state.isJournaled()));
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
    Inode copy = state.factory.copy(caller, original.attributes(), content);
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
