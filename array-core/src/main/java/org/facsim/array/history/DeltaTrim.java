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
 * Finds the contents in one volume that only deleted states have, and releases them.
 *
 * <p>A deleted state in which more than two edges meet stays in the tree, because the deltas of its
 * neighbours are relative to it. But nobody will ever restore it, so it may have any contents on
 * which no state with a name depends. The states that have a file with the same contents are
 * connected in the tree. They end at edges where a delta keeps other contents, or where the file or
 * the volume is not on both sides. If none of these states has a name and the live array is not
 * among them, nobody needs these contents. If a delta keeps them, the kept map goes, and the
 * deleted states get what the next state toward the live array has. If they wait in the inode
 * itself, the file becomes empty in the deleted states. All other edges of these states say for
 * themselves what is beyond.
 *
 * <p>So this is the invariant: whatever contents a delta keeps are those of a state with a name. A
 * change can break it only near the states that it touches, so only these are checked: the deleted
 * state itself, the neighbours of a state that left the tree, and the state from which the live
 * array comes when the live array changes a file or a volume.
 *
 * <p>The volume's lock guards it. The tree and the volumes in it change only under all volumes'
 * locks, except what is between the live array and the state from which it comes.
 */
public final class DeltaTrim {
  /**
   * A file's contents that nobody needs, and the difference that keeps them; null if they wait in
   * the inode.
   */
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
   * Whether a state with a name has the same contents of a file as the state from which the live
   * array comes. It takes one look unless that state is deleted.
   */
  boolean isSeenByStates(VolumeInode file) {
    Node from = tree.current();
    return from == null
        || from.name() != null
        || tree.isSeen(from, Delta.LIVE, edge -> differs(edge, file));
  }

  /** Returns what would be freed if a state, with or without a name, were deleted. */
  public List<FileMap> mapsOnlyIn(Node state) {
    return lostWith(state).stream().map(Lost::map).toList();
  }

  /**
   * Releases everything that only a deleted state has, alone or together with deleted neighbours.
   */
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

  /** Returns null if there are none, because the file is not there or is empty already. */
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
      return null; // the volume is away, and this is the first state that has it
    }
    return file.map().isEmpty() ? null : new Lost(file, null);
  }

  /**
   * Whether the sides of an edge have different contents of a file, or only one of them has the
   * file.
   */
  private boolean differs(long edge, VolumeInode file) {
    if (presence.differs(edge, volume.home)) {
      return true;
    }
    Delta delta = deltas.at(edge);
    InodeDifference difference = delta == null ? null : delta.difference(file);
    return difference != null && (difference.kind() != Kind.CHANGED || difference.kept() != null);
  }

  /**
   * Returns the files at which it is enough to look. Contents that only a deleted state has end in
   * every direction before the next state with a name. Therefore the files whose contents end in
   * the cheapest direction are all of them.
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

  /** Returns null if no state with a name has the volume in any direction. */
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
