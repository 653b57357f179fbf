/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.history.InodeDifference.Kind;
import org.facsim.array.history.StateTree.Edge;
import org.facsim.array.history.StateTree.Node;
import org.facsim.array.inode.AttributeDraft;
import org.facsim.array.inode.VolumeContents;
import org.facsim.array.inode.VolumeInode;

/**
 * Finds, in one volume, the contents that only deleted states have, and lets go of them.
 *
 * <p>A deleted state in which more than two edges meet stays in the tree, because what its
 * neighbours have is said relative to it. But nobody will ever restore it, so it may have any
 * contents at all where no state with a name depends on them. The states that have a file with the
 * same contents are connected in the tree; they end at edges where a delta keeps other contents, or
 * where the file or the volume is not on both sides. If none of them has a name and the live array
 * is not among them, these contents are needed by nobody: where a delta keeps them, the kept map
 * goes, and the deleted states have what the next state toward the live array has; where they wait
 * in the inode itself, the deleted states have the file empty. All other edges of theirs say for
 * themselves what is beyond.
 *
 * <p>So the invariant is: every contents that a delta keeps is that of a state with a name. A
 * change can break it only around the states that it touches, so only these are looked at: the
 * deleted state itself, the neighbours of one that left the tree, and the state that the live array
 * comes from when the live array changes a file or a volume.
 *
 * <p>Guarded by the volume's lock; the tree and the volumes in it change under all volumes' locks
 * only, but for what is between the live array and the state that it comes from.
 */
public final class DeltaTrim {
  /** A file's contents, and the difference that keeps them; null if they wait in the inode. */
  private record Lost(VolumeInode file, InodeDifference difference) {
    FileMap map() {
      return difference == null ? file.map() : difference.kept();
    }
  }

  private final StateTree tree;
  private final VolumeSides presence;
  private final VolumeContents volume;
  private final VolumeDeltas deltas;

  public DeltaTrim(
      StateTree tree, VolumeSides presence, VolumeContents volume, VolumeDeltas deltas) {
    this.tree = tree;
    this.presence = presence;
    this.volume = volume;
    this.deltas = deltas;
  }

  /**
   * Whether any state with a name has the contents that the state which the live array comes from
   * has. Takes one look unless that state is deleted.
   */
  boolean isSeenByStates(VolumeInode file) {
    Node from = tree.current();
    return from == null
        || from.name() != null
        || tree.isSeen(from, Delta.LIVE, edge -> differs(edge, file));
  }

  /** What would come back if a state were deleted that is there, with a name or without. */
  public List<FileMap> mapsOnlyIn(Node state) {
    return lostWith(state).stream().map(Lost::map).toList();
  }

  /** Lets go of all that only a deleted state has, alone or with its neighbours. */
  public void run(Node deleted) {
    List<Lost> all = lostWith(deleted);
    if (all.isEmpty()) {
      return;
    }
    Delta dropped = deltas.newDelta(Delta.DOOMED);
    for (Lost lost : all) {
      dropped.addDropped(lost.file, deltas.takeNumber(), take(lost));
    }
    deltas.doom(dropped);
  }

  private FileMap take(Lost lost) {
    FileMap map = lost.map();
    if (lost.difference != null) {
      lost.difference.setKept(null);
      return map;
    }
    FileMap taken = volume.blocks.hiddenMaps().empty(map);
    if (!lost.file.isAway()) { // the volume is
      AttributeDraft draft = AttributeDraft.of(lost.file.attributes());
      draft.usedBytes = 0;
      lost.file.publish(draft.freeze());
      volume.touch(lost.file);
    }
    return taken;
  }

  private List<Lost> lostWith(Node state) {
    List<Lost> all = new ArrayList<>();
    for (VolumeInode file : candidates(state)) {
      if (!tree.isSeen(state, StateTree.NO_EDGE, edge -> differs(edge, file))) {
        Lost lost = lostWith(state, file);
        if (lost != null) {
          all.add(lost);
        }
      }
    }
    return all;
  }

  /** Null if there are none: the file is not there, or is empty already. */
  private Lost lostWith(Node state, VolumeInode file) {
    long entry = tree.entry(state, edge -> differs(edge, file));
    if (!presence.differs(entry, volume.home)) {
      InodeDifference difference = deltas.at(entry).difference(file);
      if (difference.kind() == Kind.CHANGED) {
        return difference.kept().isEmpty() ? null : new Lost(file, difference);
      }
      if (difference.kind() == Kind.ABSENT) {
        return null;
      }
    } else if (file.isAway()) {
      return null; // the volume is away, and that is the first state which has it
    }
    return file.map().isEmpty() ? null : new Lost(file, null);
  }

  /** Whether the two sides of an edge have a file with other contents, or only one side has it. */
  private boolean differs(long edge, VolumeInode file) {
    if (presence.differs(edge, volume.home)) {
      return true;
    }
    Delta delta = deltas.at(edge);
    InodeDifference difference = delta == null ? null : delta.difference(file);
    return difference != null && (difference.kind() != Kind.CHANGED || difference.kept() != null);
  }

  /**
   * The files that it suffices to look at. Contents that only a deleted state has end in every
   * direction before the next state with a name, so those that end in the cheapest direction are
   * all.
   */
  private Set<VolumeInode> candidates(Node state) {
    Set<VolumeInode> files = new LinkedHashSet<>();
    if (presence.isThere(volume.home, tree.path(state))) {
      Collection<Delta> deltas = boundary(state, StateTree.NO_EDGE);
      for (Delta delta : deltas == null ? List.<Delta>of() : deltas) {
        for (InodeDifference difference : delta.differences()) {
          if (difference.inode.isRegular()) {
            files.add(difference.inode);
          }
        }
      }
    }
    return files;
  }

  /** Null if no state with a name has the volume in any direction. */
  private List<Delta> boundary(Node state, long except) {
    List<Delta> best = null;
    for (Edge edge : tree.edgesOf(state)) {
      if (edge.number() == except || presence.differs(edge.number(), volume.home)) {
        continue;
      }
      boolean isEnd = edge.beyond() == null || edge.beyond().name() != null;
      List<Delta> deltas = isEnd ? new ArrayList<>() : boundary(edge.beyond(), edge.number());
      if (deltas != null) {
        Delta delta = this.deltas.at(edge.number());
        if (delta != null) {
          deltas.add(delta);
        }
        best = best == null || size(deltas) < size(best) ? deltas : best;
      }
    }
    return best;
  }

  private static long size(List<Delta> deltas) {
    return deltas.stream().mapToLong(Delta::size).sum();
  }
}
