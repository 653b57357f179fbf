/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.facsim.array.Volume;

/**
 * Which volume behaves how. May be changed at any time: the next call goes by the new profile, a
 * job under way ends as it began. Thread-safe.
 */
public final class VolumeProfiles {
  private final ArrayProfile standard;

  /** By volume name, so that a profile may be set before its volume is there. */
  private final Map<String, ArrayProfile> profilesByVolume = new ConcurrentHashMap<>();

  private volatile Store store = (volumeName, profile) -> {};

  /** Keeps how volumes behave beyond this run. */
  @FunctionalInterface
  public interface Store {
    /**
     * Called before a change holds.
     *
     * @throws org.facsim.array.ArrayException if it cannot be kept; then nothing changes
     */
    void store(String volumeName, ArrayProfile profile);
  }

  private volatile Listener listener = (volumeName, profile) -> {};

  /** Hears how volumes behave. */
  @FunctionalInterface
  public interface Listener {
    /**
     * Called once a change holds that {@link #set} or {@link #reset} made, in the order of the
     * changes; must not block, nor change a profile.
     */
    void changed(String volumeName, ArrayProfile profile);
  }

  /**
   * @param standard of volumes that have none of their own
   */
  public VolumeProfiles(ArrayProfile standard) {
    this.standard = Objects.requireNonNull(standard);
  }

  /** From now on, what {@link #set} and {@link #reset} say is kept. */
  public void keepIn(Store newStore) {
    store = Objects.requireNonNull(newStore);
  }

  /** From now on, what {@link #set} and {@link #reset} change is told. */
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
   * Lets a volume behave as the standard again.
   *
   * @throws org.facsim.array.ArrayException as {@link Store#store}
   */
  public synchronized void reset(String volumeName) {
    store.store(volumeName, standard);
    profilesByVolume.remove(volumeName);
    listener.changed(volumeName, standard);
  }

  /**
   * Lets a volume behave as is already kept of it.
   *
   * @param kept says how, null for the standard; asked here, so that what is kept meanwhile by
   *     {@link #set} is not overlooked
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
