/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;

/** Walks the files of a volume as an administrator sees them, without a call over the wire. */
final class VolumeTree {
  private static final int PAGE_ENTRIES = 256;

  private VolumeTree() {}

  /** The file or directory under a path; empty if there is nothing. */
  static Optional<Inode> find(Volume volume, String path) {
    Inode at = volume.root();
    try {
      for (String name : path.split("/", -1)) {
        at = volume.names().lookup(Caller.ROOT, at, Name.of(name));
      }
      return Optional.of(at);
    } catch (ArrayException gone) {
      return Optional.empty();
    }
  }

  /** The paths of all files and directories, in order. */
  static List<String> paths(Volume volume) {
    List<String> paths = new ArrayList<>();
    walk(volume, volume.root(), "", (path, inode) -> paths.add(path));
    return paths;
  }

  private static void walk(
      Volume volume, Inode directory, String path, BiConsumer<String, Inode> visitor) {
    TreeMap<String, Inode> entries = new TreeMap<>();
    long cookie = 0;
    Volume.DirectoryPage page;
    do {
      page = volume.names().readDirectory(Caller.ROOT, directory, cookie, PAGE_ENTRIES);
      for (Volume.DirectoryEntry entry : page.entries()) {
        cookie = entry.cookie();
        entries.put(
            entry.name().toString(), volume.names().lookup(Caller.ROOT, directory, entry.name()));
      }
    } while (!page.endOfDirectory());
    entries.forEach(
        (name, inode) -> {
          String at = path.isEmpty() ? name : path + "/" + name;
          visitor.accept(at, inode);
          if (isDirectory(inode)) {
            walk(volume, inode, at, visitor);
          }
        });
  }

  private static boolean isDirectory(Inode inode) {
    return inode.attributes().type() == FileType.DIRECTORY;
  }
}
