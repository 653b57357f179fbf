/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.facsim.array.NamedState;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.history.StateTree;
import org.facsim.array.volume.OpenVolume;
import org.facsim.array.volume.VolumeFigures;

/** What is told of named states: their names, their places in the tree, and what only they keep. */
final class StateFigures {
  private final VolumeRegistry volumes;
  private final StateTree tree;
  private final VolumePresence presence;

  StateFigures(VolumeRegistry volumes, StateTree tree, VolumePresence presence) {
    this.volumes = volumes;
    this.tree = tree;
    this.presence = presence;
  }

  /**
   * All states in the order in which they were saved.
   *
   * <p>The figures of one state are of one moment. Because it takes long to find out what many
   * states keep, the array goes on between two of them, and a volume waits only while its own part
   * of one state is worked out.
   */
  List<NamedState> list() {
    List<NamedState> states = new ArrayList<>();
    for (StateTree.Node node : volumes.alone(() -> List.copyOf(tree.named()))) {
      NamedState state = volumes.alone(() -> describe(node));
      if (state != null) {
        states.add(state);
      }
    }
    return states;
  }

  /**
   * Returns null if the state was deleted meanwhile. It is called within {@link
   * VolumeRegistry#alone}.
   */
  private NamedState describe(StateTree.Node node) {
    if (node.name() == null || tree.get(node.id) != node) {
      return null;
    }
    StateTree.Node parent = node.parent();
    while (parent != null && parent.name() == null) {
      parent = parent.parent();
    }
    return new NamedState(
        node.name(),
        node.createdNanos,
        parent == null ? "" : parent.name(),
        node == tree.current(),
        keptBytes(node));
  }

  private long keptBytes(StateTree.Node node) {
    List<OpenVolume> gone = volumesOnlyIn(node, volumes.known());
    long sum = usedBytes(gone);
    for (OpenVolume volume : volumes.allVolumes()) {
      if (!gone.contains(volume)) {
        sum += keptBytes(volume, node);
      }
    }
    return sum;
  }

  /** Takes the volume's lock. */
  private static long keptBytes(OpenVolume volume, StateTree.Node node) {
    volume.lock().lock();
    try {
      List<FileMap> maps = volume.context().deltas.trim().mapsOnlyIn(node);
      return maps.isEmpty() ? 0 : volume.context().figures.freedBy(maps);
    } finally {
      volume.lock().unlock();
    }
  }

  private static long usedBytes(List<OpenVolume> volumes) {
    return volumes.stream()
        .mapToLong(volume -> VolumeFigures.bytes(volume.context().blocks.figures().usedBlocks()))
        .sum();
  }

  /** Returns the volumes that would go for good with a state. */
  List<OpenVolume> volumesOnlyIn(StateTree.Node state, Collection<OpenVolume> volumes) {
    List<Long> path = tree.path(state);
    return volumes.stream()
        .filter(volume -> presence.isThere(volume.context().home, path))
        .filter(
            volume ->
                !tree.isSeen(
                    state,
                    StateTree.NO_EDGE,
                    edge -> presence.differs(edge, volume.context().home)))
        .toList();
  }
}
