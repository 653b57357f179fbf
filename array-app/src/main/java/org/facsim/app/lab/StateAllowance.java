/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.facsim.app.scenario.Site;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Volume;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.VolumeControl;

/**
 * Makes volumes larger by what only named states hold. The state to which a reset goes back keeps
 * every block of the start, so that a guest's overwrites, a deleted snapshot and an UNMAP would
 * free nothing in a volume of fixed size. With this, guests and trainees have the room that they
 * would have without a state. {@link #sizeOf} tells the size as the lab's file, or a trainee, has
 * it. Thread-safe.
 */
final class StateAllowance {
  /** Changes below this are left for later, so that steady I/O resizes nothing all the time. */
  private static final long STEP_BYTES = 1 << 20;

  private final ArrayControl array;

  /** What was added to each volume, by its id, and the size that this led to. */
  private final Map<Integer, Added> addedByVolume = new HashMap<>();

  private record Added(long bytes, long sizeBytes) {
    static final Added NOTHING = new Added(0, -1);
  }

  StateAllowance(ArrayControl array) {
    this.array = array;
  }

  /**
   * An array to be started whose volumes are twice as large: what an array can hold in all is the
   * sum of what its volumes had at the start.
   */
  static Site.Array withRoom(Site.Array array) {
    Map<String, Site.Volume> volumes = new LinkedHashMap<>();
    array
        .volumes()
        .forEach(
            (name, volume) ->
                volumes.put(
                    name,
                    new Site.Volume(
                        name,
                        Math.min(Long.MAX_VALUE / 2, volume.sizeBytes()) * 2,
                        volume.profile(),
                        volume.rules())));
    return new Site.Array(array.name(), array.durable(), volumes);
  }

  /** Gives the volumes of that array, when it has started, the sizes that they are to have. */
  static void giveSizes(ArrayControl array, Site.Array declared) {
    for (Volume volume : array.volumes().all()) {
      array.volumes().resize(volume, declared.volumes().get(volume.name()).sizeBytes());
    }
  }

  /** The volumes have their own sizes again, because a state was restored. */
  synchronized void restored() {
    addedByVolume.clear();
  }

  /** Brings all volumes to the sizes that they need now. */
  synchronized void update() {
    VolumeControl volumes = array.volumes();
    for (Volume volume : volumes.all()) {
      Added added = added(volume);
      long wanted = volume.space().ofVolume().retainedByStatesBytes() / STEP_BYTES * STEP_BYTES;
      if (wanted != added.bytes) {
        long sizeBytes = volume.sizeBytes() - added.bytes + wanted;
        try {
          volumes.resize(volume, sizeBytes);
          addedByVolume.put(volume.id(), new Added(wanted, sizeBytes));
        } catch (ArrayException e) {
          if (e.error() != ArrayError.INVALID_ARGUMENT && e.error() != ArrayError.STALE) {
            throw e;
          } // it holds too much to shrink now, or was deleted; the next update tries again
        }
      }
    }
  }

  /** What was added; if somebody has given the volume another size since, that is its own. */
  private Added added(Volume volume) {
    Added added = addedByVolume.getOrDefault(volume.id(), Added.NOTHING);
    return added.sizeBytes == volume.sizeBytes() ? added : Added.NOTHING;
  }

  /** The size of a volume without what was added. */
  synchronized long sizeOf(Volume volume) {
    return volume.sizeBytes() - added(volume).bytes;
  }
}
