/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The snapshots of one volume, and which clone came from which. All of it is changed by {@link
 * #put}, {@link #remove}, {@link #linkClone} and {@link #unlinkClone} only. Guarded by the volume's
 * lock.
 */
final class SnapshotTable {
  private final TreeMap<Long, Snapshot> byId = new TreeMap<>();
  private final Map<String, Snapshot> byName = new HashMap<>();

  /** Snapshot id by the file id of a clone's top. */
  private final Map<Long, Long> origins = new HashMap<>();

  private long nextId = 1;

  /** The directory that clients find the snapshots in; null while there is none. */
  volatile Inode directory;

  long takeId() {
    return nextId++;
  }

  int count() {
    return byId.size();
  }

  /** In the order of their making. */
  List<Snapshot> all() {
    return new ArrayList<>(byId.values());
  }

  Snapshot get(long id) {
    return byId.get(id);
  }

  Snapshot find(String name) {
    return byName.get(name);
  }

  /** The one taken last of a source, or null. */
  Snapshot lastOf(long sourceFileId) {
    for (Snapshot snapshot : byId.descendingMap().values()) {
      if (snapshot.sourceFileId() == sourceFileId) {
        return snapshot;
      }
    }
    return null;
  }

  /** The snapshot whose top this is, or null. */
  Snapshot ofRoot(Inode root) {
    for (Snapshot snapshot : byId.values()) {
      if (snapshot.root() == root) {
        return snapshot;
      }
    }
    return null;
  }

  /** The snapshot that a clone came from, or null. */
  Snapshot originOf(long cloneFileId) {
    Long id = origins.get(cloneFileId);
    return id == null ? null : byId.get(id);
  }

  /** New, or instead of the one with its id. */
  void put(Snapshot snapshot) {
    byId.put(snapshot.id(), snapshot);
    byName.put(snapshot.name(), snapshot);
  }

  /** Its children get its parent. */
  void remove(Snapshot gone) {
    byId.remove(gone.id());
    byName.remove(gone.name());
    for (Snapshot snapshot : all()) {
      if (snapshot.parentId() == gone.id()) {
        put(snapshot.withParent(gone.parentId()));
      }
    }
  }

  void linkClone(long cloneFileId, long snapshotId) {
    origins.put(cloneFileId, snapshotId);
    Snapshot snapshot = byId.get(snapshotId);
    put(snapshot.withCloneCount(snapshot.cloneCount() + 1));
  }

  /** A file is gone. Returns the snapshot that it was a clone of, with one clone less, or null. */
  Snapshot unlinkClone(long cloneFileId) {
    Long id = origins.remove(cloneFileId);
    if (id == null) {
      return null;
    }
    Snapshot snapshot = byId.get(id);
    put(snapshot.withCloneCount(snapshot.cloneCount() - 1));
    return byId.get(id);
  }
}
