/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import org.facsim.array.block.ledger.Backlog;
import org.facsim.array.block.ledger.FileMap;

/**
 * What one volume keeps for the named states of the array: its {@link Delta}s by their place in the
 * tree, and the hooks that fill the one between the live volume and the state that it comes from.
 *
 * <p>Every mutation calls a hook before its first change. An inode carries the epoch in which it
 * was kept last, so what is kept already costs one comparison; an epoch ends with every save and
 * restore. Reads know nothing of all this.
 *
 * <p>Guarded by the volume's lock.
 */
final class VolumeStates implements Backlog {
  /** Images let go of in one step of the background. */
  private static final int BATCH_IMAGES = 32;

  private final VolumeState state;
  private final DeltaJournal journal;
  private final TreeMap<Long, Delta> byEdge = new TreeMap<>();

  /** The delta at {@link Delta#LIVE}; null while the volume is in no state that it comes from. */
  private Delta live;

  private final List<Inode> nameless = new ArrayList<>();
  private final Deque<Delta> doomed = new ArrayDeque<>();

  /** What the deleted states of the tree still need; null until the volume is in the tree. */
  private DeltaTrim trim;

  /** Inodes that only states know. */
  private long awayCount;

  private int epoch;
  private long nextNumber = 1;

  VolumeStates(VolumeState state, DeltaJournal journal) {
    this.state = state;
    this.journal = journal;
    state.blocks.kept().setBacklog(this);
  }

  /** Before anybody uses the volume. */
  void setTrim(DeltaTrim trim) {
    this.trim = trim;
  }

  DeltaTrim trim() {
    return trim;
  }

  /** While the volume is loaded nobody knows; what is not needed goes when all is loaded. */
  private boolean isSeenByStates(Inode file) {
    return trim == null || trim.isSeenByStates(file);
  }

  // ---------------------------------------------------------------- hooks

  /** Attributes, attachments or the parent of an inode are about to change. */
  void keep(Inode inode) {
    if (live != null && inode.keptIn() != epoch) {
      inode.setKeptIn(epoch);
      imageOf(inode);
    }
  }

  /** The contents or promises of a regular file are about to change. */
  void keepContents(Inode file) {
    if (live != null && file.contentsKeptIn() != epoch) {
      file.setContentsKeptIn(epoch);
      InodeImage image = imageOf(file);
      if (image.kind() == InodeImage.Kind.CHANGED && image.kept() == null && isSeenByStates(file)) {
        image.setKept(state.blocks.kept().keep(file.map()));
      }
    }
  }

  /** Entries of a directory are about to change. */
  void keepEntries(Inode directory) {
    InodeImage image = live == null ? null : imageOf(directory);
    boolean isKept = image != null && image.kind() == InodeImage.Kind.CHANGED;
    directory.directory().keepIn(isKept ? image : null);
  }

  /** What a change of an inode, and of a name in a directory, may make a state keep. */
  long heapBytesToKeep(Inode inode) {
    if (live == null) {
      return 0;
    }
    long bytes = inode.keptIn() == epoch ? 0 : HeapCost.ofImage(inode);
    if (inode.isRegular() && inode.contentsKeptIn() != epoch) {
      bytes += state.blocks.kept().heapBytesToKeep(inode.map());
    } else if (inode.isDirectory()) {
      bytes += HeapCost.ofKeptEntry(null) + Name.MAX_BYTES;
    }
    return bytes;
  }

  /** What a state takes to know that it does not have new inodes. */
  long heapBytesToKnow(long newInodes) {
    return live == null ? 0 : newInodes * HeapCost.IMAGE_BYTES;
  }

  private InodeImage imageOf(Inode inode) {
    InodeImage image = live.image(inode);
    if (image == null) {
      image = InodeImage.changed(inode, takeNumber());
      live.add(image);
    }
    return image;
  }

  /** An inode is made. */
  void made(Inode inode) {
    if (live != null) {
      inode.setKeptIn(epoch);
      inode.setContentsKeptIn(epoch);
      live.add(InodeImage.absent(inode, takeNumber()));
    }
  }

  /**
   * An inode without names and holders is going; it was told to {@link #keep}. Returns whether a
   * state still has it: then its map is hidden, else it is the caller's to release.
   */
  boolean takeAway(Inode inode) {
    if (live == null) {
      return false;
    }
    InodeImage image = imageOf(inode);
    if (image.kind() == InodeImage.Kind.ABSENT) {
      live.remove(image);
      return false;
    }
    if (inode.isRegular()) {
      if (image.kept() != null) {
        state.blocks.kept().exchange(inode.map(), image.kept());
        state.blocks.release(image.kept());
        image.setKept(null);
      } else if (!isSeenByStates(inode)) {
        state.blocks.release(state.blocks.kept().empty(inode.map()));
      }
      state.blocks.kept().hide(inode.map());
    }
    image.becomeAlone();
    setAway(inode, true);
    return true;
  }

  void setAway(Inode inode, boolean away) {
    inode.setAway(away);
    awayCount += away ? 1 : -1;
  }

  // ---------------------------------------------------------------- figures

  /** Whether deleting a file would free nothing of its own, because a state has it as it is. */
  boolean keepsAllOf(Inode file) {
    if (live == null) {
      return false;
    }
    InodeImage image = live.image(file);
    boolean isUnchanged =
        image == null || (image.kind() == InodeImage.Kind.CHANGED && image.kept() == null);
    return isUnchanged && isSeenByStates(file);
  }

  /** Whether a regular file is there with contents that no state with a name has. */
  boolean isInNoState(Inode file) {
    if (live == null || !file.isRegular() || file.isAway()) {
      return false;
    }
    InodeImage image = live.image(file);
    boolean hasChanged =
        image != null && (image.kept() != null || image.kind() == InodeImage.Kind.ABSENT);
    return hasChanged || !isSeenByStates(file);
  }

  long awayCount() {
    return awayCount;
  }

  /** Every map that only states see, those on their way back left out. */
  List<FileMap> hiddenMaps() {
    List<FileMap> maps = new ArrayList<>();
    byEdge.values().forEach(delta -> addHiddenMaps(delta, maps));
    return maps;
  }

  /** The maps that a delta's far side has for itself. */
  static void addHiddenMaps(Delta delta, List<FileMap> into) {
    for (InodeImage image : delta.images()) {
      if (image.kept() != null) {
        into.add(image.kept());
      } else if (image.kind() == InodeImage.Kind.ALONE && image.inode.isRegular()) {
        into.add(image.inode.map());
      }
    }
  }

  // ---------------------------------------------------------------- deltas

  /** The delta at a place, or null: nothing differs there. */
  Delta at(long edge) {
    return byEdge.get(edge);
  }

  /** All deltas, doomed ones too. */
  Collection<Delta> all() {
    List<Delta> all = new ArrayList<>(byEdge.values());
    all.addAll(doomed);
    return all;
  }

  Delta newDelta(long edge) {
    Delta delta = new Delta(takeNumber(), edge, state.metadata, journal);
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
      state.snapshots.keepIn(live);
    }
  }

  /** Takes the delta from a place, or returns null. */
  Delta take(long edge) {
    if (edge == Delta.LIVE) {
      live = null;
      state.snapshots.keepIn(null);
    }
    return byEdge.remove(edge);
  }

  /** What changed since the last state stays with that state; from now on a new one is kept. */
  void seal(long edge) {
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
  void revert() {
    walk(List.of(Delta.LIVE));
  }

  /**
   * Walks from the live volume to a state: undoes what changed since the last one, then exchanges
   * what differs at each edge. Nothing is kept any more until {@link #begin}.
   *
   * @param path {@link Delta#LIVE}, then edges
   */
  void walk(List<Long> path) {
    epoch++;
    for (long edge : path) {
      Delta delta = edge == Delta.LIVE ? take(edge) : at(edge);
      if (delta == null) {
        continue;
      }
      nameless.addAll(new DeltaSwap(state, delta).run());
      if (edge == Delta.LIVE) {
        doom(delta);
      } else if (delta.isEmpty()) {
        take(edge).markGone();
      }
    }
  }

  /** Inodes that came back without a name: whoever held them is not known to hold them now. */
  List<Inode> takeNameless() {
    List<Inode> taken = List.copyOf(nameless);
    nameless.clear();
    return taken;
  }

  /**
   * A state between two edges goes.
   *
   * @param presence as it was before
   */
  void merge(StateTree.Step.Merge step, VolumePresence presence) {
    if (presence.kindAt(step.far(), state.volume) == InodeImage.Kind.ABSENT) {
      drop(step.near()); // only the near side has the volume still, if any
      return;
    }
    if (presence.kindAt(step.near(), state.volume) == InodeImage.Kind.ALONE) {
      moveOver(step.far());
      return;
    }
    boolean wasLive = live != null;
    Delta near = take(step.near());
    Delta far = take(step.far());
    if (near != null || far != null || (wasLive && step.merged() == Delta.LIVE)) {
      new DeltaMerge(state).run(near, far, step.merged());
    }
  }

  /** A volume that is away was as a state has it that goes; now it is as the next one has it. */
  private void moveOver(long edge) {
    Delta delta = take(edge);
    if (delta != null) {
      nameless.addAll(new DeltaSwap(state, delta).run());
      doom(delta);
    }
  }

  /** An edge leads to nothing any more. */
  void drop(long edge) {
    if (edge == Delta.LIVE) {
      epoch++;
    }
    doom(take(edge));
  }

  /** From now on the volume is kept as it is. */
  void begin() {
    epoch++;
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
    state.blocks.kept().wakeReclaimer();
  }

  // ---------------------------------------------------------------- the background

  @Override
  public boolean isWaiting() {
    return !doomed.isEmpty();
  }

  @Override
  public List<FileMap> waitingMaps() {
    List<FileMap> maps = new ArrayList<>();
    doomed.forEach(delta -> addHiddenMaps(delta, maps));
    return maps;
  }

  @Override
  public void step() {
    Delta delta = doomed.element();
    for (int i = 0; i < BATCH_IMAGES; i++) {
      if (delta.isEmpty()) {
        delta.markGone();
        doomed.remove();
        return;
      }
      letGo(delta);
    }
  }

  private void letGo(Delta delta) {
    InodeImage image = delta.images().iterator().next();
    Inode inode = image.inode;
    FileMap kept = image.kept();
    boolean isAlone = image.kind() == InodeImage.Kind.ALONE;
    delta.remove(image);
    if (kept != null) {
      state.blocks.release(kept);
    }
    if (isAlone) {
      setAway(inode, false);
      state.touch(inode);
      if (inode.isRegular()) {
        state.blocks.release(inode.map());
      }
      state.discharge(inode);
    }
  }

  // ---------------------------------------------------------------- loading

  /** A delta as it was stored. */
  Delta restore(long number, long edge) {
    Delta delta = new Delta(number, edge, state.metadata, journal);
    epoch = 1; // so that no inode counts as kept
    took(number);
    if (edge == Delta.DOOMED) {
      doomed.add(delta);
    } else {
      put(delta);
    }
    return delta;
  }

  /** A number is taken. */
  void took(long number) {
    nextNumber = Math.max(nextNumber, number + 1);
  }
}
