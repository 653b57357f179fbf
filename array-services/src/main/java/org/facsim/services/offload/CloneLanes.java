/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.facsim.array.Inode;

/**
 * Knows how many clones are under way on each volume, which clones wait for their turn, and which
 * files are being copied into. Thread-safe.
 */
final class CloneLanes {
  // All guarded by this.
  private final Map<Integer, Lane> lanes = new HashMap<>();
  private final Set<Inode> destinations = new HashSet<>();

  private static final class Lane {
    int running;
    final Queue<Turn> waiting = new ArrayDeque<>(1);
  }

  private record Turn(CloneWork job, Runnable run) {}

  /**
   * How busy a volume is.
   *
   * @param running jobs
   * @param waiting for their turn
   */
  record Load(int running, int waiting) {
    String inWords(ArrayProfile profile) {
      int most = profile.maxConcurrentClones();
      return running
          + " clones ran on the volume and "
          + waiting
          + " waited; "
          + (most == 0
              ? "there is no limit"
              : "at most " + most + " run and " + profile.maxQueuedClones() + " wait");
    }
  }

  /**
   * Refuses a clone beyond the volume's limits.
   *
   * @return what is under way
   * @throws OffloadFailure BUSY or TOO_MANY_CLONES, as the profile says
   */
  synchronized Load requireRoom(int volumeId, ArrayProfile profile) {
    Lane lane = lanes.get(volumeId);
    int most = profile.maxConcurrentClones();
    if (most > 0
        && lane != null
        && lane.running >= most
        && lane.waiting.size() >= profile.maxQueuedClones()) {
      throw new OffloadFailure(
          switch (profile.whenBusy()) {
            case BUSY -> OffloadError.BUSY;
            case TOO_MANY_CLONES -> OffloadError.TOO_MANY_CLONES;
          },
          lane.running + " clones run on the volume and " + lane.waiting.size() + " wait");
    }
    return lane == null ? new Load(0, 0) : new Load(lane.running, lane.waiting.size());
  }

  /**
   * Refuses a clone into a file that another clone is being copied into.
   *
   * @throws OffloadFailure BUSY
   */
  synchronized void requireFree(Inode destination) {
    if (destinations.contains(destination)) {
      throw new OffloadFailure(
          OffloadError.BUSY, "another clone into the destination is under way");
    }
  }

  /** As {@link #requireFree}; in addition, keeps every other clone away until {@link #free}. */
  synchronized void claim(Inode destination) {
    requireFree(destination);
    destinations.add(destination);
  }

  synchronized void free(Inode destination) {
    destinations.remove(destination);
  }

  /**
   * Enters a clone.
   *
   * @param turn runs the job when its turn comes
   * @return whether its turn is now; if so, the caller runs it
   * @throws OffloadFailure as {@link #requireRoom}
   */
  synchronized boolean enter(int volumeId, ArrayProfile profile, CloneWork job, Runnable turn) {
    var unused = requireRoom(volumeId, profile);
    Lane lane = lanes.computeIfAbsent(volumeId, id -> new Lane());
    if (profile.maxConcurrentClones() > 0 && lane.running >= profile.maxConcurrentClones()) {
      lane.waiting.add(new Turn(job, turn));
      return false;
    }
    lane.running++;
    return true;
  }

  /** Notes that a clone has ended. Returns what runs in its place, if a clone waits. */
  synchronized Optional<Runnable> leave(int volumeId, CloneWork job) {
    Lane lane = lanes.get(volumeId);
    if (lane.waiting.removeIf(turn -> turn.job == job)) {
      return Optional.empty(); // it ended before its turn
    }
    Turn next = lane.waiting.poll();
    if (next == null && --lane.running == 0) {
      lanes.remove(volumeId);
    }
    return Optional.ofNullable(next).map(Turn::run);
  }
}
