/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.array.Volume;

/**
 * Which volume behaves how. May be changed at any time: the next call goes by the new profile, a
 * job under way ends as it began. Thread-safe.
 */
public final class VolumeProfiles {
  private final ArrayProfile standard;

  /** By volume name, so that a profile may be set before its volume is there. */
  private final Map<String, ArrayProfile> profilesByVolume = new ConcurrentHashMap<>();

  /**
   * @param standard of volumes that have none of their own
   */
  public VolumeProfiles(ArrayProfile standard) {
    this.standard = Objects.requireNonNull(standard);
  }

  /** Gives a volume its profile. */
  public void set(String volumeName, ArrayProfile profile) {
    profilesByVolume.put(volumeName, Objects.requireNonNull(profile));
  }

  /** Lets a volume behave as the standard again. */
  public void reset(String volumeName) {
    profilesByVolume.remove(volumeName);
  }

  public ArrayProfile of(String volumeName) {
    return profilesByVolume.getOrDefault(volumeName, standard);
  }

  ArrayProfile of(Volume volume) {
    return of(volume.name());
  }
}
