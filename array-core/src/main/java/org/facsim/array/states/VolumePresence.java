/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.history.Delta;
import org.facsim.array.history.InodeDifference.Kind;
import org.facsim.array.history.StateTree;
import org.facsim.array.history.VolumeSides;
import org.facsim.array.inode.InodeHome;
import org.facsim.array.volume.OpenVolume;
import org.facsim.array.volume.VolumeLife;

/**
 * Says which volumes are on the far side of each edge in the tree of states, and what size they
 * have there. It is for volumes what {@link Delta} is for inodes. It changes under the lock of
 * {@link VolumeRegistry}. A volume's lock is enough to look at that volume, except at {@link
 * Delta#LIVE}.
 */
final class VolumePresence implements VolumeSides {
  /**
   * A volume on the far side.
   *
   * @param limitBlocks its size there; 0 if it is not there
   */
  record Difference(OpenVolume volume, Kind kind, long limitBlocks) {
    ByteBuffer bytes() {
      ByteBuffer row = ByteBuffer.allocate(1 + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      return row.put(kind.code()).putLong(limitBlocks).flip();
    }

    static Difference read(OpenVolume volume, ByteBuffer row) {
      Kind kind = row.remaining() == 1 + Long.BYTES ? Kind.of(row.get()) : null;
      if (kind == null) {
        throw new ArrayException(ArrayError.IO, "the difference of a volume is damaged");
      }
      return new Difference(volume, kind, row.getLong());
    }
  }

  /** The place of a difference's row. */
  record Place(long edge, int volumeId) {}

  private final Map<Long, Map<Integer, Difference>> byEdge = new ConcurrentSkipListMap<>();
  private final Set<Place> changed = new HashSet<>();

  Map<Integer, Difference> at(long edge) {
    return byEdge.getOrDefault(edge, Map.of());
  }

  /** Whether only one side of an edge has a volume. */
  @Override
  public boolean differs(long edge, InodeHome volume) {
    Kind kind = kindAt(edge, volume);
    return kind != null && kind != Kind.CHANGED;
  }

  /** Returns null if nothing of the volume itself differs. */
  @Override
  public Kind kindAt(long edge, InodeHome volume) {
    Difference difference = at(edge).get(volume.volumeId());
    return difference == null ? null : difference.kind();
  }

  /**
   * Whether a state has a volume.
   *
   * @param path from the state from which the live array comes
   */
  @Override
  public boolean isThere(InodeHome volume, List<Long> path) {
    boolean isThere = !volume.isDeleted();
    if (differs(Delta.LIVE, volume)) {
      isThere = !isThere;
    }
    for (long edge : path) {
      isThere ^= differs(edge, volume);
    }
    return isThere;
  }

  private void put(long edge, Difference difference) {
    mutableAt(edge).put(difference.volume().id(), difference);
    changed.add(new Place(edge, difference.volume().id()));
  }

  private Difference remove(long edge, int volumeId) {
    changed.add(new Place(edge, volumeId));
    return mutableAt(edge).remove(volumeId);
  }

  private Map<Integer, Difference> mutableAt(long edge) {
    return byEdge.computeIfAbsent(edge, unused -> new ConcurrentSkipListMap<>());
  }

  /** Forgets a volume, because no state with a name has it any more. */
  void forget(OpenVolume volume) {
    for (long edge : byEdge.keySet()) {
      if (at(edge).containsKey(volume.id())) {
        remove(edge, volume.id());
      }
    }
  }

  private Map<Integer, Difference> removeAll(long edge) {
    Map<Integer, Difference> differences = new TreeMap<>(at(edge));
    differences.keySet().forEach(id -> remove(edge, id));
    byEdge.remove(edge);
    return differences;
  }

  /** Notes a new volume, when there is a state. */
  void made(OpenVolume volume) {
    put(Delta.LIVE, new Difference(volume, Kind.ABSENT, 0));
  }

  /** Keeps the size of a volume that is about to change it, when there is a state. */
  void resizing(OpenVolume volume, long limitBlocks) {
    if (!at(Delta.LIVE).containsKey(volume.id())) {
      put(Delta.LIVE, new Difference(volume, Kind.CHANGED, limitBlocks));
    }
  }

  /** Notes that a volume goes, when there is a state. Returns whether a state has the volume. */
  boolean removed(OpenVolume volume, long limitBlocks) {
    Difference difference = at(Delta.LIVE).get(volume.id());
    if (difference != null && difference.kind() == Kind.ABSENT) {
      remove(Delta.LIVE, volume.id());
      return false;
    }
    long kept = difference == null ? limitBlocks : difference.limitBlocks();
    put(Delta.LIVE, new Difference(volume, Kind.ALONE, kept));
    return true;
  }

  /** Moves what is at one edge to another edge. */
  void move(long from, long to) {
    removeAll(from).values().forEach(difference -> put(to, difference));
  }

  /** Exchanges volumes when the live array moves over an edge. All volumes' locks are held. */
  void swap(long edge) {
    for (Difference difference : new ArrayList<>(at(edge).values())) {
      VolumeLife life = difference.volume().context().life;
      long limit = life.limitBlocks();
      switch (difference.kind()) {
        case ALONE -> {
          life.comeBack(difference.limitBlocks());
          put(edge, new Difference(difference.volume(), Kind.ABSENT, 0));
        }
        case CHANGED -> {
          life.setLimitBlocks(difference.limitBlocks());
          put(edge, new Difference(difference.volume(), Kind.CHANGED, limit));
        }
        case ABSENT -> {
          life.goAway();
          put(edge, new Difference(difference.volume(), Kind.ALONE, limit));
        }
      }
    }
  }

  /**
   * Drops an edge that leads to nothing any more. Returns the volumes that only its far side had.
   */
  List<OpenVolume> drop(long edge) {
    List<OpenVolume> alone = alone(edge);
    removeAll(edge);
    return alone;
  }

  /** Returns the volumes that only the far side of an edge has. */
  List<OpenVolume> alone(long edge) {
    return at(edge).values().stream()
        .filter(difference -> difference.kind() == Kind.ALONE)
        .map(Difference::volume)
        .toList();
  }

  /** Merges two edges as {@code DeltaMerge} does. Returns the volumes that only the middle had. */
  List<OpenVolume> merge(StateTree.Step.Merge step) {
    Map<Integer, Difference> merged = new TreeMap<>(removeAll(step.near()));
    List<OpenVolume> gone = new ArrayList<>();
    removeAll(step.far())
        .forEach(
            (id, far) -> {
              Difference near = merged.get(id);
              if (near != null && near.kind() == Kind.ALONE && far.kind() == Kind.ABSENT) {
                merged.remove(id);
                gone.add(far.volume());
              } else if (near != null && near.kind() == Kind.ALONE) {
                merged.put(id, new Difference(far.volume(), Kind.ALONE, far.limitBlocks()));
              } else {
                merged.put(id, far);
              }
            });
    merged.values().forEach(difference -> put(step.merged(), difference));
    return gone;
  }

  // ---------------------------------------------------------------- stable storage

  /** Returns every edge at which a volume differs. */
  Set<Long> edges() {
    return byEdge.keySet();
  }

  /** Returns what changed since {@link #clearChanges}. */
  Set<Place> changes() {
    return changed;
  }

  void clearChanges() {
    changed.clear();
  }

  void restore(long edge, Difference difference) {
    mutableAt(edge).put(difference.volume().id(), difference);
  }
}
