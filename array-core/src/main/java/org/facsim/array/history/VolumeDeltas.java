/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import org.facsim.array.Name;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.VolumeContents;
import org.facsim.array.inode.VolumeInode;

/**
 * What one volume keeps for the named states of the array: its {@link Delta}s by their place in the
 * tree, and the hooks that fill the delta between the live volume and the state from which it
 * comes.
 *
 * <p>Every mutation calls a hook before its first change. An inode has the number of the save
 * interval in which it was kept last, so if it is kept already, the hook costs one comparison.
 * Every save and every restore ends an interval. Reads are not affected.
 *
 * <p>Not thread-safe: callers hold the volume's lock.
 */
public final class VolumeDeltas {
  private final VolumeContents contents;
  private final SnapshotTable snapshots;
  private final DeltaListener listener;
  private final TreeMap<Long, Delta> byEdge = new TreeMap<>();

  /**
   * The delta at {@link Delta#LIVE}; null if the array comes from no state, or the state does not
   * have the volume.
   */
  private Delta live;

  private final List<VolumeInode> nameless = new ArrayList<>();
  private final DoomedDeltas doomed;

  /** Knows what the deleted states of the tree still need; null until the volume is in the tree. */
  private DeltaTrim trim;

  /** How many inodes only states have. */
  private long awayCount;

  private int saveInterval;
  private long nextNumber = 1;

  public VolumeDeltas(VolumeContents contents, SnapshotTable snapshots, DeltaListener listener) {
    this.contents = contents;
    this.snapshots = snapshots;
    this.listener = listener;
    doomed = new DoomedDeltas(contents, this);
    contents.blocks.hiddenMaps().setBacklog(doomed);
  }

  /** Sets the trim, before anybody uses the volume. */
  public void setTrim(DeltaTrim trim) {
    this.trim = trim;
  }

  public DeltaTrim trim() {
    return trim;
  }

  /**
   * While the volume is being loaded, this is not known, and everything is kept. What is not needed
   * goes later.
   */
  private boolean isSeenByStates(VolumeInode file) {
    return trim == null || trim.isSeenByStates(file);
  }

  // ---------------------------------------------------------------- hooks

  /** Keeps an inode whose attributes, attachments or parent are about to change. */
  public void keep(VolumeInode inode) {
    if (live != null && inode.keptInInterval() != saveInterval) {
      inode.setKeptInInterval(saveInterval);
      differenceOf(inode);
    }
  }

  /** Keeps a regular file whose contents or reservations are about to change. */
  public void keepContents(VolumeInode file) {
    if (live != null && file.contentsKeptInInterval() != saveInterval) {
      file.setContentsKeptInInterval(saveInterval);
      InodeDifference difference = differenceOf(file);
      if (difference.kind() == InodeDifference.Kind.CHANGED
          && difference.kept() == null
          && isSeenByStates(file)) {
        difference.setKept(contents.blocks.hiddenMaps().keep(contents.ownMap(file)));
      }
    }
  }

  /** Has a directory keep its entries, which are about to change. */
  public void keepEntries(VolumeInode directory) {
    InodeDifference difference = live == null ? null : differenceOf(directory);
    boolean isKept = difference != null && difference.kind() == InodeDifference.Kind.CHANGED;
    directory.directory().keepIn(isKept ? difference : null);
  }

  /** How much a state may have to keep when an inode, or a name in a directory, changes. */
  public long heapBytesToKeep(VolumeInode inode) {
    if (live == null) {
      return 0;
    }
    long bytes = inode.keptInInterval() == saveInterval ? 0 : HeapCost.ofDifference(inode);
    if (inode.isRegular() && inode.contentsKeptInInterval() != saveInterval) {
      FileMap map = inode.map();
      bytes += contents.blocks.hiddenMaps().heapBytesToKeep(map);
      bytes += map.isNone() ? FileMap.HEAP_BYTES : 0; // what is kept is exchanged with its own
    } else if (inode.isDirectory()) {
      bytes += HeapCost.ofKeptEntry(null) + Name.MAX_BYTES;
    }
    return bytes;
  }

  /** How much a state takes to know that it does not have new inodes. */
  public long heapBytesToKnow(long newInodes) {
    return live == null ? 0 : newInodes * HeapCost.DIFFERENCE_BYTES;
  }

  private InodeDifference differenceOf(VolumeInode inode) {
    InodeDifference difference = live.difference(inode);
    if (difference == null) {
      difference = InodeDifference.changed(inode, takeNumber());
      live.add(difference);
    }
    return difference;
  }

  /** Notes a new inode. */
  public void made(VolumeInode inode) {
    if (live != null) {
      inode.setKeptInInterval(saveInterval);
      inode.setContentsKeptInInterval(saveInterval);
      live.add(InodeDifference.absent(inode, takeNumber()));
    }
  }

  /**
   * Takes away an inode that has no names and holds any more, after {@link #keep}. Returns whether
   * a state still has it. If so, its map is hidden. Otherwise, the caller releases the map.
   */
  public boolean takeAway(VolumeInode inode) {
    if (live == null) {
      return false;
    }
    InodeDifference difference = differenceOf(inode);
    if (difference.kind() == InodeDifference.Kind.ABSENT) {
      live.remove(difference);
      return false;
    }
    if (inode.isRegular()) {
      if (difference.kept() != null) {
        contents.blocks.hiddenMaps().exchange(inode.map(), difference.kept());
        contents.blocks.release(difference.kept());
        difference.setKept(null);
      } else if (!inode.map().isNone() && !isSeenByStates(inode)) {
        contents.blocks.release(contents.blocks.hiddenMaps().empty(inode.map()));
      }
      contents.blocks.hiddenMaps().hide(inode.map());
    }
    difference.becomeAlone();
    setAway(inode, true);
    return true;
  }

  public void setAway(VolumeInode inode, boolean away) {
    inode.setAway(away);
    awayCount += away ? 1 : -1;
  }

  // ---------------------------------------------------------------- figures

  /** Whether deleting a file would free nothing of its own, because a state has it as it is. */
  public boolean keepsAllOf(VolumeInode file) {
    if (live == null) {
      return false;
    }
    InodeDifference difference = live.difference(file);
    boolean isUnchanged =
        difference == null
            || (difference.kind() == InodeDifference.Kind.CHANGED && difference.kept() == null);
    return isUnchanged && isSeenByStates(file);
  }

  /** Whether a regular file is there with contents that no state with a name has. */
  public boolean isInNoState(VolumeInode file) {
    if (live == null || !file.isRegular() || file.isAway()) {
      return false;
    }
    InodeDifference difference = live.difference(file);
    boolean hasChanged =
        difference != null
            && (difference.kept() != null || difference.kind() == InodeDifference.Kind.ABSENT);
    return hasChanged || !isSeenByStates(file);
  }

  public long awayCount() {
    return awayCount;
  }

  /** Returns every map that only states see, without those that are being released. */
  public List<FileMap> hiddenMaps() {
    List<FileMap> maps = new ArrayList<>();
    byEdge.values().forEach(delta -> addHiddenMaps(delta, maps));
    return maps;
  }

  /** Adds the maps that only a delta's far side has. */
  public static void addHiddenMaps(Delta delta, List<FileMap> into) {
    for (InodeDifference difference : delta.differences()) {
      if (difference.kept() != null) {
        into.add(difference.kept());
      } else if (difference.kind() == InodeDifference.Kind.ALONE && hasOwnMap(difference.inode)) {
        into.add(difference.inode.map());
      }
    }
  }

  private static boolean hasOwnMap(VolumeInode inode) {
    return inode.isRegular() && !inode.map().isNone();
  }

  // ---------------------------------------------------------------- deltas

  /** Returns the delta at a place; null if nothing differs there. */
  public Delta at(long edge) {
    return byEdge.get(edge);
  }

  /** All deltas, including doomed ones. */
  public Collection<Delta> all() {
    List<Delta> all = new ArrayList<>(byEdge.values());
    all.addAll(doomed.all());
    return all;
  }

  Delta newDelta(long edge) {
    Delta delta = new Delta(takeNumber(), edge, contents.metadata, listener);
    delta.touch();
    return delta;
  }

  long takeNumber() {
    return nextNumber++;
  }

  /** Puts a delta in its place. If that is the live one, later changes are kept there. */
  void put(Delta delta) {
    byEdge.put(delta.edge(), delta);
    if (delta.edge() == Delta.LIVE) {
      live = delta;
      snapshots.keepIn(live);
    }
  }

  /** Takes the delta from a place, or returns null. */
  Delta take(long edge) {
    if (edge == Delta.LIVE) {
      live = null;
      snapshots.keepIn(null);
    }
    return byEdge.remove(edge);
  }

  /**
   * Leaves what changed since the last state with that state. From now on, changes are kept for a
   * new one.
   */
  public void seal(long edge) {
    Delta sealed = take(Delta.LIVE);
    if (sealed != null && sealed.isEmpty()) {
      sealed.markGone();
    } else if (sealed != null) {
      sealed.moveTo(edge);
      put(sealed);
    }
    begin();
  }

  /**
   * Turns the volume, which leaves the live array, back to what the state has from which it comes.
   */
  public void revert() {
    walk(List.of(Delta.LIVE));
  }

  /**
   * Walks from the live volume to a state. It undoes what changed since the last state, and then
   * exchanges what differs at each edge. Nothing is kept from then on until {@link #begin}.
   *
   * @param path {@link Delta#LIVE}, then edges
   */
  public void walk(List<Long> path) {
    saveInterval++;
    for (long edge : path) {
      Delta delta = edge == Delta.LIVE ? take(edge) : at(edge);
      if (delta == null) {
        continue;
      }
      nameless.addAll(new DeltaSwap(contents, this, snapshots, delta).run());
      if (edge == Delta.LIVE) {
        doom(delta);
      } else if (delta.isEmpty()) {
        take(edge).markGone();
      }
    }
  }

  /** Returns inodes that came back without a name. Nobody holds them now. */
  public List<VolumeInode> takeNameless() {
    List<VolumeInode> taken = List.copyOf(nameless);
    nameless.clear();
    return taken;
  }

  /**
   * Merges two edges, because the state between them goes.
   *
   * @param presence which volumes there were before
   */
  public void merge(StateTree.Step.Merge step, VolumeSides presence) {
    if (presence.kindAt(step.far(), contents.home) == InodeDifference.Kind.ABSENT) {
      drop(step.near()); // at most the near side still has the volume
      return;
    }
    if (presence.kindAt(step.near(), contents.home) == InodeDifference.Kind.ALONE) {
      moveOver(step.far());
      return;
    }
    boolean wasLive = live != null;
    Delta near = take(step.near());
    Delta far = take(step.far());
    if (near != null || far != null || (wasLive && step.merged() == Delta.LIVE)) {
      new DeltaMerge(contents, this).run(near, far, step.merged());
    }
  }

  /** Turns a volume that is away from what a state has that goes to what the next state has. */
  private void moveOver(long edge) {
    Delta delta = take(edge);
    if (delta != null) {
      nameless.addAll(new DeltaSwap(contents, this, snapshots, delta).run());
      doom(delta);
    }
  }

  /** Drops the delta of an edge that leads to nothing any more. */
  public void drop(long edge) {
    if (edge == Delta.LIVE) {
      saveInterval++;
    }
    doom(take(edge));
  }

  /** From now on, what the volume is now is kept. */
  public void begin() {
    saveInterval++;
    put(newDelta(Delta.LIVE));
  }

  /** Has the background release everything that only this delta holds. */
  void doom(Delta delta) {
    if (delta == null) {
      return;
    }
    delta.clearSnapshots();
    if (delta.isEmpty()) {
      delta.markGone();
      return;
    }
    delta.moveTo(Delta.DOOMED);
    doomed.add(delta);
    contents.blocks.hiddenMaps().wakeReclaimer();
  }

  // ---------------------------------------------------------------- loading

  /** Makes a delta as it was stored. */
  public Delta restore(long number, long edge) {
    Delta delta = new Delta(number, edge, contents.metadata, listener);
    saveInterval = 1; // so that no inode counts as kept
    took(number);
    if (edge == Delta.DOOMED) {
      doomed.add(delta);
    } else {
      put(delta);
    }
    return delta;
  }

  /** Notes that a number is taken. */
  public void took(long number) {
    nextNumber = Math.max(nextNumber, number + 1);
  }
}
