/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.facsim.array.Volume;

/**
 * The profiles of the volumes. They may be changed at any time: the new profile applies to the next
 * call, and a job under way keeps the profile with which it began. Thread-safe.
 */
public final class VolumeProfiles {
  private final ArrayProfile standard;

  /** By volume name, so that a profile may be set before its volume exists. */
  private final Map<String, ArrayProfile> profilesByVolume = new ConcurrentHashMap<>();

  private volatile Store store = (volumeName, profile) -> {};

  /** Stores profiles, so that the next run of the array has them. */
  @FunctionalInterface
  public interface Store {
    /**
     * Called before a change applies.
     *
     * @throws org.facsim.array.ArrayException if it cannot be stored; then nothing changes
     */
    void store(String volumeName, ArrayProfile profile);
  }

  private volatile Listener listener = (volumeName, profile) -> {};

  /** Is told when a profile changes. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called once a change applies that {@link #set} or {@link #reset} made, in the order of the
     * changes. It must not block and must not change a profile.
     */
    void changed(String volumeName, ArrayProfile profile);
  }

  /**
   * @param standard the profile of volumes that have none of their own
   */
  public VolumeProfiles(ArrayProfile standard) {
    this.standard = Objects.requireNonNull(standard);
  }

  /** Stores what {@link #set} and {@link #reset} change from now on. */
  public void keepIn(Store newStore) {
    store = Objects.requireNonNull(newStore);
  }

  /** Tells a listener what {@link #set} and {@link #reset} change from now on. */
  public void tell(Listener newListener) {
    listener = Objects.requireNonNull(newListener);
  }

  /**
   * Gives a volume its profile.
   *
   * @throws org.facsim.array.ArrayException as {@link Store#store}
   */
  public synchronized void set(String volumeName, ArrayProfile profile) {
    store.store(volumeName, Objects.requireNonNull(profile));
    profilesByVolume.put(volumeName, profile);
    listener.changed(volumeName, profile);
  }

  /**
   * Gives a volume the standard profile again.
   *
   * @throws org.facsim.array.ArrayException as {@link Store#store}
   */
  public synchronized void reset(String volumeName) {
    store.store(volumeName, standard);
    profilesByVolume.remove(volumeName);
    listener.changed(volumeName, standard);
  }

  /**
   * Gives a volume the profile that is stored for it.
   *
   * @param kept reads the stored profile, null for the standard; it is called in here, so that a
   *     profile that {@link #set} stores meanwhile is not missed
   */
  public synchronized void show(String volumeName, Supplier<ArrayProfile> kept) {
    ArrayProfile profile = kept.get();
    if (profile == null) {
      profilesByVolume.remove(volumeName);
    } else {
      profilesByVolume.put(volumeName, profile);
    }
  }

  public ArrayProfile of(String volumeName) {
    return profilesByVolume.getOrDefault(volumeName, standard);
  }

  ArrayProfile of(Volume volume) {
    return of(volume.name());
  }
}
