/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.memory.MetadataAccount;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.VolumeInode;

/**
 * How one volume differs between two neighbours in the tree of named states ({@link StateTree}):
 * everything that differs, as it is on the far side, which is away from the live array. What it is
 * on the near side is in the volume, or in deltas that are nearer. So the delta between the live
 * array and the state from which it comes holds what was there before the first change.
 *
 * <p>Not thread-safe: callers hold the volume's lock.
 */
public final class Delta {
  /** The place between the live array and the state from which it comes. */
  public static final long LIVE = 0;

  /** The delta has lost its place. What only it holds is being released. */
  public static final long DOOMED = -1;

  /** Unique in the volume. */
  public final long number;

  private final MetadataAccount metadata;
  private final DeltaListener listener;
  private long edge;

  /**
   * In the order in which they were made, so that taking the first one again and again is cheap.
   */
  private final Map<Long, InodeDifference> inodes = new LinkedHashMap<>();

  /** Snapshots on the far side by number, null for none. */
  private final Map<Long, StoredSnapshot> snapshots = new HashMap<>();

  /** The number of the snapshot that a clone came from, by its file id, null for none. */
  private final Map<Long, Long> origins = new HashMap<>();

  private boolean hasDirectory;
  private VolumeInode directory;

  private final Set<Long> changedSnapshots = new HashSet<>();
  private final Set<Long> changedOrigins = new HashSet<>();
  private boolean gone;

  /** What was charged last for everything except the differences. */
  private long chargedBytes;

  /**
   * @param metadata the account to which all of it is charged
   * @param listener is told of every change; null in an ephemeral array
   */
  Delta(long number, long edge, MetadataAccount metadata, DeltaListener listener) {
    this.metadata = metadata;
    this.number = number;
    this.edge = edge;
    this.listener = listener;
    charge();
  }

  /** How many bytes of the heap it takes, without the differences. */
  public long heapBytes() {
    return HeapCost.DELTA_BYTES
        + (long) snapshots.size() * HeapCost.SNAPSHOT_BYTES
        + (long) origins.size() * HeapCost.ORIGIN_BYTES;
  }

  private void charge() {
    long bytes = gone ? 0 : heapBytes();
    charge(bytes - chargedBytes);
    chargedBytes = bytes;
  }

  /** Charges for a difference of this delta. */
  void charge(long moreBytes) {
    metadata.charge(moreBytes);
  }

  public long edge() {
    return edge;
  }

  void moveTo(long newEdge) {
    edge = newEdge;
    touch();
  }

  boolean isEmpty() {
    return inodes.isEmpty() && snapshots.isEmpty() && origins.isEmpty() && !hasDirectory;
  }

  /** How many inodes differ, which measures what a walk over this delta costs. */
  int size() {
    return inodes.size();
  }

  // ---------------------------------------------------------------- inodes

  InodeDifference difference(VolumeInode inode) {
    return inodes.get(inode.fileId());
  }

  public Collection<InodeDifference> differences() {
    return inodes.values();
  }

  /** Adds a difference that is new, or comes from another delta. */
  void add(InodeDifference difference) {
    inodes.put(difference.inode.fileId(), difference);
    charge(difference.heapBytes());
    difference.setDelta(this);
  }

  void remove(InodeDifference difference) {
    inodes.remove(difference.inode.fileId());
    difference.clearEntries();
    charge(-difference.heapBytes());
    touch(difference);
    difference.setDelta(null);
  }

  /** Moves a difference to another delta. */
  void moveTo(Delta other, InodeDifference difference) {
    inodes.remove(difference.inode.fileId());
    charge(-difference.heapBytes());
    other.add(difference);
  }

  // ---------------------------------------------------------------- snapshots

  public Map<Long, StoredSnapshot> snapshots() {
    return snapshots;
  }

  public Map<Long, Long> origins() {
    return origins;
  }

  /** Keeps a snapshot that is about to change. Only the first time counts. */
  void keepSnapshot(long id, StoredSnapshot now) {
    if (!snapshots.containsKey(id)) {
      putSnapshot(id, now);
    }
  }

  void putSnapshot(long id, StoredSnapshot snapshot) {
    snapshots.put(id, snapshot);
    charge();
    changedSnapshots.add(id);
    touch();
  }

  void keepOrigin(long cloneId, Long now) {
    if (!origins.containsKey(cloneId)) {
      putOrigin(cloneId, now);
    }
  }

  void putOrigin(long cloneId, Long snapshotId) {
    origins.put(cloneId, snapshotId);
    charge();
    changedOrigins.add(cloneId);
    touch();
  }

  public boolean hasDirectory() {
    return hasDirectory;
  }

  /** The directory of snapshots on the far side, if it differs; null for none. */
  public VolumeInode directory() {
    return directory;
  }

  void keepDirectory(VolumeInode now) {
    if (!hasDirectory) {
      putDirectory(now);
    }
  }

  void putDirectory(VolumeInode inode) {
    hasDirectory = true;
    directory = inode;
    touch();
  }

  /** Removes everything that is not a difference of an inode. */
  void clearSnapshots() {
    changedSnapshots.addAll(snapshots.keySet());
    changedOrigins.addAll(origins.keySet());
    snapshots.clear();
    origins.clear();
    charge();
    hasDirectory = false;
    directory = null;
    touch();
  }

  // ---------------------------------------------------------------- stable storage

  boolean isStored() {
    return listener != null;
  }

  /** Marks that the empty delta is gone, so that nothing of it stays stored. */
  void markGone() {
    gone = true;
    charge();
    touch();
  }

  public boolean isGone() {
    return gone;
  }

  void touch() {
    if (listener != null) {
      listener.changed(this);
    }
  }

  void touch(InodeDifference difference) {
    if (listener != null) {
      listener.changed(difference);
    }
  }

  public Set<Long> changedSnapshots() {
    return changedSnapshots;
  }

  public Set<Long> changedOrigins() {
    return changedOrigins;
  }

  /** Forgets what changed, because everything is in a batch. */
  public void clearChanges() {
    changedSnapshots.clear();
    changedOrigins.clear();
  }

  /** Adds a map, which is released with this delta. */
  void addDropped(VolumeInode of, long differenceNumber, FileMap kept) {
    InodeDifference difference = InodeDifference.changed(of, differenceNumber);
    add(difference);
    difference.setKept(kept);
  }

  public void restoreSnapshot(long id, StoredSnapshot snapshot) {
    snapshots.put(id, snapshot);
    charge();
  }

  public void restoreOrigin(long cloneId, Long snapshotId) {
    origins.put(cloneId, snapshotId);
    charge();
  }

  public void restoreDirectory(VolumeInode stored) {
    hasDirectory = true;
    directory = stored;
  }

  /** Puts a stored difference back. Returns false if there is one already. */
  public boolean restore(InodeDifference difference) {
    difference.restoreDelta(this);
    charge(difference.heapBytes());
    return inodes.put(difference.inode.fileId(), difference) == null;
  }
}
