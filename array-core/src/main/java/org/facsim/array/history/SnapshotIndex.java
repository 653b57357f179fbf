/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Finds snapshots by their source, by their top and by their parent, so that a clone costs the same
 * with many thousand snapshots as with few. The volume's lock guards it.
 */
final class SnapshotIndex {
  /** Ids by the file id of the source. The greatest id is the snapshot that was taken last. */
  private final Map<Long, SortedSet<Long>> bySource = new HashMap<>();

  private final Map<Long, SortedSet<Long>> byParent = new HashMap<>();

  /** Ids by the file id of the top. */
  private final Map<Long, Long> byRoot = new HashMap<>();

  void add(StoredSnapshot snapshot) {
    add(bySource, snapshot.sourceFileId(), snapshot.id());
    byRoot.put(snapshot.root().fileId(), snapshot.id());
    if (snapshot.parentId() != 0) {
      add(byParent, snapshot.parentId(), snapshot.id());
    }
  }

  /**
   * @param snapshot as it was added, or null for none
   */
  void remove(StoredSnapshot snapshot) {
    if (snapshot == null) {
      return;
    }
    remove(bySource, snapshot.sourceFileId(), snapshot.id());
    byRoot.remove(snapshot.root().fileId());
    if (snapshot.parentId() != 0) {
      remove(byParent, snapshot.parentId(), snapshot.id());
    }
  }

  private static void add(Map<Long, SortedSet<Long>> index, long key, long id) {
    index.computeIfAbsent(key, unused -> new TreeSet<>()).add(id);
  }

  private static void remove(Map<Long, SortedSet<Long>> index, long key, long id) {
    SortedSet<Long> ids = index.get(key);
    ids.remove(id);
    if (ids.isEmpty()) {
      index.remove(key);
    }
  }

  /** Returns the id of the last snapshot of a source, or null. */
  Long lastOf(long sourceFileId) {
    SortedSet<Long> ids = bySource.get(sourceFileId);
    return ids == null ? null : ids.last();
  }

  /** Returns the id of the snapshot whose top this is, or null. */
  Long ofRoot(long rootFileId) {
    return byRoot.get(rootFileId);
  }

  /** Returns the ids of the snapshots whose parent this is. */
  List<Long> childrenOf(long parentId) {
    SortedSet<Long> ids = byParent.get(parentId);
    return ids == null ? List.of() : List.copyOf(ids);
  }
}
