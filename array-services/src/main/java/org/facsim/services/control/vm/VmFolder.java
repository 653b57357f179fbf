/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control.vm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.NotedSpace;
import org.facsim.array.Volume;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.Volume.DirectoryPage;

/**
 * A directory as the inventory saw it last. It is listed again only when its change counter says
 * that a name came or went. Used by one thread at a time.
 */
final class VmFolder {
  private static final int PAGE_ENTRIES = 256;

  final Inode inode;
  private final String path;
  final int depth;
  List<VmFolder> folders = List.of();
  List<Entry> files = List.of();

  /** What was told of it last; null if it is no VM. */
  Vm vm;

  /** What moves, as it was told last. */
  VmRates rates = VmRates.NONE;

  boolean isVm;
  boolean isLocked;
  String displayName = "";
  VmParent parent;
  long parentStamp = -1;
  private long seenChange = -1;

  VmFolder(Inode inode, String path, int depth) {
    this.inode = inode;
    this.path = path;
    this.depth = depth;
  }

  /** A regular file, and what is known of it. */
  static final class Entry {
    final String name;
    final Inode inode;
    final VmFileKind kind;
    final boolean isOfSnapshot;
    long seenChange = -1;
    NotedSpace noted;
    long liveBytes;
    long exclusiveBytes;

    Entry(String name, Inode inode) {
      this.name = name;
      this.inode = inode;
      kind = VmFileKind.of(name);
      isOfSnapshot = VmFileKind.isOfSnapshot(name);
    }
  }

  /**
   * Lists it again if names came or went. Returns whether it did.
   *
   * @param maxDepth folders deeper than this are left out
   * @throws org.facsim.array.ArrayException if it is gone
   */
  boolean relist(int maxDepth) {
    long change = inode.attributes().changeCounter();
    if (change == seenChange) {
      return false;
    }
    Map<Long, VmFolder> known = new HashMap<>();
    folders.forEach(folder -> known.put(folder.inode.fileId(), folder));
    Map<String, Entry> knownFiles = new HashMap<>();
    files.forEach(file -> knownFiles.put(file.name, file));
    List<VmFolder> nextFolders = new ArrayList<>();
    List<Entry> nextFiles = new ArrayList<>();
    for (DirectoryEntry entry : entries()) {
      String name = entry.name().toString();
      FileType type = entry.inode().attributes().type();
      if (type == FileType.DIRECTORY && depth < maxDepth) {
        nextFolders.add(folder(known, name, entry.inode()));
      } else if (type == FileType.REGULAR) {
        Entry same = knownFiles.get(name);
        boolean isSame = same != null && same.inode.equals(entry.inode());
        nextFiles.add(isSame ? same : new Entry(name, entry.inode()));
      }
    }
    folders = nextFolders;
    files = nextFiles;
    isVm = files.stream().anyMatch(VmFolder::makesVm);
    isLocked = files.stream().anyMatch(file -> file.kind == VmFileKind.LOCK);
    seenChange = change;
    return true;
  }

  private static boolean makesVm(Entry file) {
    return switch (file.kind) {
      case CONFIGURATION, DESCRIPTOR, DISK, REDO_LOG -> true;
      case SNAPSHOT_STATE, SWAP, LOCK, LOG, OTHER -> false;
    };
  }

  private VmFolder folder(Map<Long, VmFolder> known, String name, Inode found) {
    String itsPath = path.isEmpty() ? name : path + "/" + name;
    VmFolder same = known.get(found.fileId());
    return same != null && same.path.equals(itsPath) && same.inode.equals(found)
        ? same
        : new VmFolder(found, itsPath, depth + 1);
  }

  private List<DirectoryEntry> entries() {
    Volume volume = inode.volume();
    List<DirectoryEntry> all = new ArrayList<>();
    long cookie = 0;
    DirectoryPage page;
    do {
      page = volume.names().readDirectory(Caller.ROOT, inode, cookie, PAGE_ENTRIES);
      all.addAll(page.entries());
      if (!page.entries().isEmpty()) {
        cookie = page.entries().get(page.entries().size() - 1).cookie();
      }
    } while (!page.endOfDirectory() && all.size() < VmInventory.MAX_ENTRIES);
    return all;
  }

  /** Below the volume, without a slash in front; empty for the root. */
  String path() {
    return path;
  }

  /** Its own name; that of the volume for the root. */
  String name() {
    return path.isEmpty() ? inode.volume().name() : path.substring(path.lastIndexOf('/') + 1);
  }
}
