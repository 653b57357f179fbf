/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.VolumeInode;

/**
 * The snapshots of one volume, and which clone came from which snapshot. Only {@link #put}, {@link
 * #remove}, {@link #linkClone} and {@link #unlinkClone} change it, each together with an inode, so
 * that it is stored when the inode is. The volume's lock guards it.
 */
public final class SnapshotTable {
  private final TreeMap<Long, StoredSnapshot> byId = new TreeMap<>();
  private final Map<String, StoredSnapshot> byName = new HashMap<>();
  private final SnapshotIndex index = new SnapshotIndex();

  /** The id of the snapshot by the file id of a clone's top. */
  private final Map<Long, Long> origins = new HashMap<>();

  private final MetadataAccount metadata;

  /** What was charged last. */
  private long chargedBytes;

  private long nextId = 1;

  /**
   * Ids of snapshots, and of clones, that changed since the last cut; null in an ephemeral array.
   */
  private final Set<Long> changedSnapshots;

  private final Set<Long> changedOrigins;

  /** The directory in which clients find the snapshots; null while there is none. */
  private volatile VolumeInode directory;

  /** The delta that keeps all this before it changes; null if there is none. */
  private Delta kept;

  /**
   * @param isStored whether somebody asks for what changed
   * @param metadata the account to which snapshots and origins are charged
   */
  public SnapshotTable(boolean isStored, MetadataAccount metadata) {
    this.metadata = metadata;
    changedSnapshots = isStored ? new HashSet<>() : null;
    changedOrigins = isStored ? new HashSet<>() : null;
  }

  /** Sets the delta in which things are kept before they change; null if they are not kept. */
  void keepIn(Delta delta) {
    kept = delta;
  }

  /** The directory of snapshots, or null. Takes no lock. */
  public VolumeInode directory() {
    return directory;
  }

  public void setDirectory(VolumeInode next) {
    if (kept != null) {
      kept.keepDirectory(directory);
    }
    directory = next;
  }

  public long takeId() {
    return nextId++;
  }

  public long nextId() {
    return nextId;
  }

  public int count() {
    return byId.size();
  }

  /** How many clones came from a snapshot that is still there. */
  public int originCount() {
    return origins.size();
  }

  /** All snapshots in the order in which they were taken. */
  public List<StoredSnapshot> all() {
    return new ArrayList<>(byId.values());
  }

  public StoredSnapshot get(long id) {
    return byId.get(id);
  }

  public StoredSnapshot find(String name) {
    return byName.get(name);
  }

  /** Returns the last snapshot of a source, or null. */
  public StoredSnapshot lastOf(long sourceFileId) {
    Long id = index.lastOf(sourceFileId);
    return id == null ? null : byId.get(id);
  }

  /** The snapshot whose top this is, or null. */
  public StoredSnapshot ofRoot(VolumeInode root) {
    Long id = index.ofRoot(root.fileId());
    return id == null ? null : byId.get(id);
  }

  /** Returns the snapshot from which a clone came, or null. */
  public StoredSnapshot originOf(long cloneFileId) {
    Long id = origins.get(cloneFileId);
    return id == null ? null : byId.get(id);
  }

  /** How many clones of clones lead to a file; 0 if it came from no snapshot. */
  public int depthOf(long fileId) {
    int depth = 0;
    StoredSnapshot at = originOf(fileId);
    while (at != null) {
      depth++;
      StoredSnapshot earlier = byId.get(at.parentId());
      while (earlier != null && earlier.sourceFileId() == at.sourceFileId()) {
        earlier = byId.get(earlier.parentId());
      }
      at = earlier;
    }
    return depth;
  }

  /** Adds a snapshot, or replaces the one with its id. */
  public void put(StoredSnapshot snapshot) {
    keep(snapshot.id());
    index.remove(byId.put(snapshot.id(), snapshot));
    index.add(snapshot);
    byName.put(snapshot.name(), snapshot);
    charge();
    note(changedSnapshots, snapshot.id());
  }

  /** How many bytes of the heap all of it takes, without inodes. */
  public long heapBytes() {
    return (long) byId.size() * HeapCost.SNAPSHOT_BYTES
        + (long) origins.size() * HeapCost.ORIGIN_BYTES;
  }

  private void charge() {
    long bytes = heapBytes();
    metadata.charge(bytes - chargedBytes);
    chargedBytes = bytes;
  }

  /** Removes a snapshot. Its children get its parent. */
  public void remove(StoredSnapshot gone) {
    keep(gone.id());
    index.remove(byId.remove(gone.id()));
    byName.remove(gone.name());
    charge();
    note(changedSnapshots, gone.id());
    for (long child : index.childrenOf(gone.id())) {
      put(byId.get(child).withParent(gone.parentId()));
    }
  }

  public void linkClone(long cloneFileId, long snapshotId) {
    keepOrigin(cloneFileId);
    origins.put(cloneFileId, snapshotId);
    note(changedOrigins, cloneFileId);
    StoredSnapshot snapshot = byId.get(snapshotId);
    put(snapshot.withCloneCount(snapshot.cloneCount() + 1));
  }

  /**
   * Forgets a clone that is gone. Returns the snapshot from which it came, with one clone less, or
   * null.
   */
  public StoredSnapshot unlinkClone(long cloneFileId) {
    Long id = origins.isEmpty() ? null : origins.get(cloneFileId);
    if (id == null) {
      return null;
    }
    keepOrigin(cloneFileId);
    origins.remove(cloneFileId);
    charge();
    note(changedOrigins, cloneFileId);
    StoredSnapshot snapshot = byId.get(id);
    put(snapshot.withCloneCount(snapshot.cloneCount() - 1));
    return byId.get(id);
  }

  private void keep(long id) {
    if (kept != null) {
      kept.keepSnapshot(id, byId.get(id));
    }
  }

  private void keepOrigin(long cloneFileId) {
    if (kept != null) {
      kept.keepOrigin(cloneFileId, origins.get(cloneFileId));
    }
  }

  // ---------------------------------------------------------------- named states

  /**
   * Replaces snapshots by what a named state has.
   *
   * @param wanted by number, null for none
   * @return what was there
   */
  Map<Long, StoredSnapshot> exchange(Map<Long, StoredSnapshot> wanted) {
    Map<Long, StoredSnapshot> before = new HashMap<>();
    for (long id : wanted.keySet()) {
      StoredSnapshot now = byId.remove(id);
      index.remove(now);
      before.put(id, now);
      if (now != null) {
        byName.remove(now.name());
      }
      note(changedSnapshots, id);
    }
    for (StoredSnapshot snapshot : wanted.values()) {
      if (snapshot != null) {
        byId.put(snapshot.id(), snapshot);
        byName.put(snapshot.name(), snapshot);
        index.add(snapshot);
      }
    }
    charge();
    return before;
  }

  /** Does the same for the origin of a clone; null for none. */
  Long exchangeOrigin(long cloneFileId, Long wanted) {
    note(changedOrigins, cloneFileId);
    Long before = wanted == null ? origins.remove(cloneFileId) : origins.put(cloneFileId, wanted);
    charge();
    return before;
  }

  /** Does the same for the directory of snapshots. */
  void exchangeDirectory(VolumeInode wanted) {
    directory = wanted;
  }

  private static void note(Set<Long> changed, long id) {
    if (changed != null) {
      changed.add(id);
    }
  }

  // ---------------------------------------------------------------- stable storage

  /** Receives what changed: the new value, or null if it is gone. */
  public interface Changes<T> {
    void changed(long id, T value);
  }

  /** Tells what changed since the last time, and forgets it. */
  public void drainChanges(Changes<StoredSnapshot> snapshots, Changes<Long> clones) {
    changedSnapshots.forEach(id -> snapshots.changed(id, byId.get(id)));
    changedOrigins.forEach(id -> clones.changed(id, origins.get(id)));
    changedSnapshots.clear();
    changedOrigins.clear();
  }

  /** Puts a stored snapshot back. Returns false if its name is taken. */
  public boolean restore(StoredSnapshot snapshot) {
    byId.put(snapshot.id(), snapshot);
    index.add(snapshot);
    charge();
    return byName.put(snapshot.name(), snapshot) == null;
  }

  /** Puts a stored origin back. */
  public void restoreOrigin(long cloneFileId, long snapshotId) {
    origins.put(cloneFileId, snapshotId);
    charge();
  }

  /** All snapshots are loaded. */
  public void restored(long next) {
    nextId = next;
  }

  /** Goes through all origins. */
  public void forEachOrigin(Changes<Long> clones) {
    origins.forEach(clones::changed);
  }
}
