/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.history.Delta;
import org.facsim.array.history.InodeDifference;
import org.facsim.array.history.InodeDifference.Kind;
import org.facsim.array.history.StateTree;
import org.facsim.array.history.VolumeDeltas;
import org.facsim.array.volume.OpenVolume;

/**
 * Checks what is known of named states. There is one tree, and the live array hangs on it. Deltas
 * are only where there is an edge. Exactly one delta has each inode and volume that is away, and
 * each hidden map. All volumes' locks are held.
 */
final class StateAudit {
  private final StateTree tree;
  private final VolumePresence presence;
  private final Set<Long> edges = new HashSet<>();
  private final List<String> problems = new ArrayList<>();

  private StateAudit(StateTree tree, VolumePresence presence) {
    this.tree = tree;
    this.presence = presence;
  }

  /** Returns what does not fit, in words; empty if all is well. */
  static List<String> of(
      StateTree tree, VolumePresence presence, SettingsTable settings, List<OpenVolume> volumes) {
    StateAudit audit = new StateAudit(tree, presence);
    audit.checkTree();
    audit.checkPresence(volumes);
    volumes.forEach(audit::checkVolume);
    Set<Integer> ids = volumes.stream().map(OpenVolume::id).collect(Collectors.toSet());
    audit.problems.addAll(settings.audit(audit.edges, ids));
    return audit.problems;
  }

  private void checkTree() {
    check((tree.current() == null) == tree.all().isEmpty(), "the live array hangs on no state");
    if (tree.current() != null) {
      edges.add(Delta.LIVE);
    }
    int roots = 0;
    Set<String> names = new HashSet<>();
    for (StateTree.Node node : tree.all()) {
      roots += node.parent() == null ? 1 : 0;
      check(node.id < tree.nextId(), "state " + node.id + ": its number was never given");
      check(node.name() == null || names.add(node.name()), "two states '" + node.name() + "'");
      check(
          node.parent() == null || (node.edge() > 0 && edges.add(node.edge())),
          "state " + node.id + " has edge " + node.edge());
      int steps = 0;
      for (StateTree.Node at = node; at != null && steps <= tree.all().size(); at = at.parent()) {
        steps++;
      }
      check(steps <= tree.all().size(), "state " + node.id + " is its own ancestor");
    }
    check(roots <= 1, roots + " states come from none");
  }

  private void checkPresence(List<OpenVolume> volumes) {
    Set<OpenVolume> away = new HashSet<>();
    for (long edge : presence.edges()) {
      check(presence.at(edge).isEmpty() || edges.contains(edge), "volumes at no edge " + edge);
      for (OpenVolume volume : presence.alone(edge)) {
        check(away.add(volume), "volume " + volume.name() + " is away twice");
      }
    }
    for (OpenVolume volume : volumes) {
      check(
          volume.isDeleted() == away.contains(volume),
          "volume " + volume.name() + " is away, and no state has it, or the reverse");
    }
  }

  private void checkVolume(OpenVolume volume) {
    VolumeDeltas states = volume.context().deltas;
    Set<FileMap> hidden = new HashSet<>();
    long away = 0;
    for (Delta delta : states.all()) {
      boolean isDoomed = delta.edge() == Delta.DOOMED;
      String what = "volume " + volume.name() + ", delta " + delta.number;
      check(isDoomed || edges.contains(delta.edge()), what + " at no edge " + delta.edge());
      for (InodeDifference difference : delta.differences()) {
        boolean isAlone = difference.kind() == Kind.ALONE;
        String which = what + ", inode " + difference.inode.fileId();
        away += isAlone ? 1 : 0;
        check(!isAlone || difference.inode.isAway(), which + " is alone and there");
        if (difference.kept() != null) {
          check(hidden.add(difference.kept()), which + ": its map is kept twice");
        }
        boolean hasOwnMap = difference.inode.isRegular() && !difference.inode.map().isNone();
        check(
            hasOwnMap || isDoomed || difference.kept() == null,
            which + ": there is no map to exchange the kept one with");
        if (isAlone && hasOwnMap) {
          check(hidden.add(difference.inode.map()), which + ": its map is kept twice");
        }
      }
    }
    check(
        away == states.awayCount(),
        "volume %s: %d inodes are away, states have %d"
            .formatted(volume.name(), states.awayCount(), away));
    checkNeeded(volume);
    long kept = volume.context().blocks.figures().hiddenMaps();
    check(
        hidden.size() == kept,
        "volume %s leaks: %d hidden block maps, states have %d"
            .formatted(volume.name(), kept, hidden.size()));
    hidden.forEach(
        map -> check(map.isHidden(), "volume " + volume.name() + ": a kept map is not hidden"));
  }

  private void checkNeeded(OpenVolume volume) {
    for (StateTree.Node node : tree.all()) {
      check(
          node.name() != null || volume.context().deltas.trim().mapsOnlyIn(node).isEmpty(),
          "volume %s: deleted state %d keeps contents".formatted(volume.name(), node.id));
    }
  }

  private void check(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }
}
