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
 * tree, and the hooks that fill the one between the live volume and the state that it comes from.
 *
 * <p>Every mutation calls a hook before its first change. An inode carries the save interval in
 * which it was kept last, so what is kept already costs one comparison; an interval ends with every
 * save and restore. Reads know nothing of all this.
 *
 * <p>Guarded by the volume's lock.
 */
public final class VolumeDeltas {
  private final VolumeContents contents;
  private final SnapshotTable snapshots;
  private final DeltaListener listener;
  private final TreeMap<Long, Delta> byEdge = new TreeMap<>();

  /** The delta at {@link Delta#LIVE}; null while the volume is in no state that it comes from. */
  private Delta live;

  private final List<VolumeInode> nameless = new ArrayList<>();
  private final DoomedDeltas doomed;

  /** What the deleted states of the tree still need; null until the volume is in the tree. */
  private DeltaTrim trim;

  /** Inodes that only states know. */
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

  /** Before anybody uses the volume. */
  public void setTrim(DeltaTrim trim) {
    this.trim = trim;
  }

  public DeltaTrim trim() {
    return trim;
  }

  /** While the volume is loaded nobody knows; what is not needed goes when all is loaded. */
  private boolean isSeenByStates(VolumeInode file) {
    return trim == null || trim.isSeenByStates(file);
  }

  // ---------------------------------------------------------------- hooks

  /** Attributes, attachments or the parent of an inode are about to change. */
  public void keep(VolumeInode inode) {
    if (live != null && inode.keptInInterval() != saveInterval) {
      inode.setKeptInInterval(saveInterval);
      differenceOf(inode);
    }
  }

  /** The contents or promises of a regular file are about to change. */
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

  /** Entries of a directory are about to change. */
  public void keepEntries(VolumeInode directory) {
    InodeDifference difference = live == null ? null : differenceOf(directory);
    boolean isKept = difference != null && difference.kind() == InodeDifference.Kind.CHANGED;
    directory.directory().keepIn(isKept ? difference : null);
  }

  /** What a change of an inode, and of a name in a directory, may make a state keep. */
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

  /** What a state takes to know that it does not have new inodes. */
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

  /** An inode is made. */
  public void made(VolumeInode inode) {
    if (live != null) {
      inode.setKeptInInterval(saveInterval);
      inode.setContentsKeptInInterval(saveInterval);
      live.add(InodeDifference.absent(inode, takeNumber()));
    }
  }

  /**
   * An inode without names and holders is going; it was told to {@link #keep}. Returns whether a
   * state still has it: then its map is hidden, else it is the caller's to release.
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

  /** Every map that only states see, those on their way back left out. */
  public List<FileMap> hiddenMaps() {
    List<FileMap> maps = new ArrayList<>();
    byEdge.values().forEach(delta -> addHiddenMaps(delta, maps));
    return maps;
  }

  /** The maps that a delta's far side has for itself. */
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

  /** The delta at a place, or null: nothing differs there. */
  public Delta at(long edge) {
    return byEdge.get(edge);
  }

  /** All deltas, doomed ones too. */
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

  /** Puts a delta in its place; if it is the live one, what follows is kept there. */
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

  /** What changed since the last state stays with that state; from now on a new one is kept. */
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

  /** The volume leaves for a state: it is as the state that it comes from has it. */
  public void revert() {
    walk(List.of(Delta.LIVE));
  }

  /**
   * Walks from the live volume to a state: undoes what changed since the last one, then exchanges
   * what differs at each edge. Nothing is kept any more until {@link #begin}.
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

  /** Inodes that came back without a name: whoever held them is not known to hold them now. */
  public List<VolumeInode> takeNameless() {
    List<VolumeInode> taken = List.copyOf(nameless);
    nameless.clear();
    return taken;
  }

  /**
   * A state between two edges goes.
   *
   * @param presence as it was before
   */
  public void merge(StateTree.Step.Merge step, VolumeSides presence) {
    if (presence.kindAt(step.far(), contents.home) == InodeDifference.Kind.ABSENT) {
      drop(step.near()); // only the near side has the volume still, if any
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

  /** A volume that is away was as a state has it that goes; now it is as the next one has it. */
  private void moveOver(long edge) {
    Delta delta = take(edge);
    if (delta != null) {
      nameless.addAll(new DeltaSwap(contents, this, snapshots, delta).run());
      doom(delta);
    }
  }

  /** An edge leads to nothing any more. */
  public void drop(long edge) {
    if (edge == Delta.LIVE) {
      saveInterval++;
    }
    doom(take(edge));
  }

  /** From now on the volume is kept as it is. */
  public void begin() {
    saveInterval++;
    put(newDelta(Delta.LIVE));
  }

  /** All that only this delta holds goes, in the background. */
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

  /** A delta as it was stored. */
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

  /** A number is taken. */
  public void took(long number) {
    nextNumber = Math.max(nextNumber, number + 1);
  }
}
