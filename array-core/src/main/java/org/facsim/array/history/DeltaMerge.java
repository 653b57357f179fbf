/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.ArrayList;
import java.util.HashMap;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.history.InodeDifference.Kind;
import org.facsim.array.inode.VolumeContents;

/**
 * Makes one delta of two deltas that meet in a state that goes: near, middle and far become near
 * and far. What the far delta says wins. What only the middle had is released. The smaller delta is
 * moved into the larger one, so the cost depends on the smaller one.
 *
 * <p>An inode is made once, so the states that have it are connected in the tree. That leaves four
 * cases for an inode that is in both deltas (near, then far):
 *
 * <ul>
 *   <li>ALONE, ABSENT: only the middle had it. It goes for good.
 *   <li>ALONE, CHANGED: only the far side has it.
 *   <li>CHANGED, ABSENT: only the near side has it.
 *   <li>CHANGED, CHANGED: both sides have it, and it differs.
 * </ul>
 */
public final class DeltaMerge {
  private final VolumeContents contents;
  private final VolumeDeltas deltas;

  /** What only the middle had. */
  private final Delta dropped;

  DeltaMerge(VolumeContents contents, VolumeDeltas deltas) {
    this.contents = contents;
    this.deltas = deltas;
    dropped = deltas.newDelta(Delta.DOOMED);
  }

  /**
   * Merges two deltas. The volume's lock is held.
   *
   * @param near may be null, and so may {@code far}
   * @param edge the place of the merged delta
   */
  void run(Delta near, Delta far, long edge) {
    Delta merged = near == null ? far : near;
    if (near != null && far != null) {
      merged = merge(near, far);
    }
    deltas.doom(dropped);
    if (merged != null) {
      merged.moveTo(edge);
      deltas.put(merged);
    } else if (edge == Delta.LIVE) {
      deltas.put(deltas.newDelta(edge));
    }
  }

  private Delta merge(Delta near, Delta far) {
    boolean intoFar = near.size() <= far.size();
    Delta into = intoFar ? far : near;
    Delta from = intoFar ? near : far;
    for (InodeDifference difference : new ArrayList<>(from.differences())) {
      InodeDifference other = into.difference(difference.inode);
      if (other == null) {
        from.moveTo(into, difference);
      } else if (intoFar) {
        combine(difference, other, other);
      } else {
        combine(other, difference, other);
      }
    }
    mergeSnapshots(near, far, into);
    from.clearSnapshots();
    for (InodeDifference rest : new ArrayList<>(from.differences())) {
      from.remove(rest);
    }
    from.markGone();
    return into;
  }

  /**
   * @param result one of the two, which changes and stays where it is; the other one is used up
   */
  private void combine(InodeDifference near, InodeDifference far, InodeDifference result) {
    if (near.kind() == Kind.ABSENT || far.kind() == Kind.ALONE) {
      throw new IllegalStateException(near.inode + " is there, is not, and is again");
    }
    if (far.kind() == Kind.ABSENT) {
      drop(near.kept(), near);
      near.setKept(null);
      if (near.kind() == Kind.ALONE) {
        near.delta().moveTo(dropped, near);
        if (near != result) {
          result.delta().remove(result);
        }
      } else {
        result.becomeAbsent();
      }
      return;
    }
    FileMap kept = contents(near, far);
    if (result == far) {
      near.entries().forEach(far::keepEntry);
    } else {
      far.entries().forEach(near::putEntry);
      near.overlay(far);
    }
    result.setKept(kept);
    result.setKind(near.kind());
  }

  /** Returns the map that only the far side has. The middle's map is released. */
  private FileMap contents(InodeDifference near, InodeDifference far) {
    FileMap kept = far.kept();
    if (kept == null) {
      return near.kept();
    }
    if (near.kind() == Kind.ALONE) {
      contents.blocks.hiddenMaps().exchange(near.inode.map(), kept);
      drop(kept, near);
      return null;
    }
    drop(near.kept(), near);
    return kept;
  }

  /** Has the background release a map, by a difference of its own. */
  private void drop(FileMap kept, InodeDifference of) {
    if (kept != null) {
      dropped.addDropped(of.inode, deltas.takeNumber(), kept);
    }
  }

  private static void mergeSnapshots(Delta near, Delta far, Delta into) {
    if (into == far) {
      near.snapshots().forEach(far::keepSnapshot);
      near.origins().forEach(far::keepOrigin);
      if (near.hasDirectory()) {
        far.keepDirectory(near.directory());
      }
    } else {
      new HashMap<>(far.snapshots()).forEach(near::putSnapshot);
      new HashMap<>(far.origins()).forEach(near::putOrigin);
      if (far.hasDirectory()) {
        near.putDirectory(far.directory());
      }
    }
  }
}
