/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.facsim.array.block.ledger.Backlog;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeContents;
import org.facsim.array.inode.VolumeInode;

/**
 * The deltas of a volume that have lost their place in the tree of named states. The background
 * releases what only they hold, a few differences in each step.
 *
 * <p>First all directories that only a delta holds lose their entries. Only then are inodes
 * released. So when a restart finds a delta half released, no entry leads to an inode that is gone.
 *
 * <p>The volume's lock guards it.
 */
final class DoomedDeltas implements Backlog {
  /** Differences that one step of the background releases. */
  private static final int STEP_DIFFERENCES = 32;

  private final VolumeContents contents;
  private final VolumeDeltas deltas;
  private final Deque<Delta> waiting = new ArrayDeque<>();

  /** What is left of the first waiting delta whose directories lose their entries; or null. */
  private Iterator<InodeDifference> toEmpty;

  DoomedDeltas(VolumeContents contents, VolumeDeltas deltas) {
    this.contents = contents;
    this.deltas = deltas;
  }

  void add(Delta delta) {
    waiting.add(delta);
  }

  Collection<Delta> all() {
    return Collections.unmodifiableCollection(waiting);
  }

  @Override
  public boolean isWaiting() {
    return !waiting.isEmpty();
  }

  @Override
  public List<FileMap> waitingMaps() {
    List<FileMap> maps = new ArrayList<>();
    waiting.forEach(delta -> VolumeDeltas.addHiddenMaps(delta, maps));
    return maps;
  }

  @Override
  public void step() {
    Delta delta = waiting.element();
    if (toEmpty == null) {
      toEmpty = delta.differences().iterator(); // nobody else changes a doomed delta
    }
    for (int i = 0; i < STEP_DIFFERENCES; i++) {
      if (toEmpty.hasNext()) {
        empty(toEmpty.next());
        continue;
      }
      if (delta.isEmpty()) {
        delta.markGone();
        waiting.remove();
        toEmpty = null;
        return;
      }
      letGo(delta);
    }
  }

  /** Takes the entries from a directory that only the delta holds. */
  private void empty(InodeDifference difference) {
    VolumeInode inode = difference.inode;
    if (difference.kind() != InodeDifference.Kind.ALONE || !inode.isDirectory()) {
      return;
    }
    Map<Long, NamedInode> nothing = new HashMap<>();
    inode.directory().cookies().forEach(cookie -> nothing.put(cookie, null));
    if (!nothing.isEmpty()) {
      var unused = inode.directory().exchange(nothing);
      contents.touch(inode);
    }
  }

  private void letGo(Delta delta) {
    InodeDifference difference = delta.differences().iterator().next();
    VolumeInode inode = difference.inode;
    FileMap kept = difference.kept();
    boolean isAlone = difference.kind() == InodeDifference.Kind.ALONE;
    delta.remove(difference);
    if (kept != null) {
      contents.blocks.release(kept);
    }
    if (isAlone) {
      deltas.setAway(inode, false);
      contents.touch(inode);
      if (inode.isRegular()) {
        contents.blocks.release(inode.map());
      }
      contents.discharge(inode);
    }
  }
}
