/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.facsim.array.Name;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;

/** Walks from an inode up to the root, by the names that were given last. Takes no lock. */
final class PathWalk {
  /** Ends a walk among directories that are being moved. */
  private static final int MAX_DEPTH = 4096;

  private final VolumeContext context;

  PathWalk(VolumeContext context) {
    this.context = context;
  }

  /** See {@link org.facsim.array.VolumeNames#pathOf}. */
  List<Name> from(VolumeInode inode) {
    VolumeInode root = context.volume.root();
    VolumeInode snapshots = context.snapshots.directory();
    Deque<Name> path = new ArrayDeque<>();
    VolumeInode here = inode;
    int ticket = context.directories.names().enter();
    try {
      while (here != root && here != snapshots) {
        NamedInode held = Directory.holderOf(here, context.directories);
        if (held == null || path.size() == MAX_DEPTH) {
          return null;
        }
        path.addFirst(held.name());
        here = held.inode();
      }
    } finally {
      context.directories.names().exit(ticket);
    }
    if (here == snapshots) {
      path.addFirst(NamespaceOperations.SNAPSHOT_DIRECTORY);
    }
    return List.copyOf(path);
  }
}
