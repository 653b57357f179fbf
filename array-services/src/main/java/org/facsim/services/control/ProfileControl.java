/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import org.facsim.array.Volume;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.VolumeProfiles;

/**
 * Profiles: how volumes behave toward hosts that offload. A change applies from the next call on.
 */
public final class ProfileControl {
  private final VolumeProfiles profiles;

  ProfileControl(VolumeProfiles profiles) {
    this.profiles = profiles;
  }

  public ArrayProfile of(Volume volume) {
    return profiles.of(volume.name());
  }

  /**
   * Gives a volume its profile.
   *
   * @throws org.facsim.array.ArrayException STALE, NO_SPACE, IO; then nothing changed
   */
  public void set(Volume volume, ArrayProfile profile) {
    profiles.set(volume.name(), profile);
  }

  /**
   * Gives a volume the standard profile again.
   *
   * @throws org.facsim.array.ArrayException as {@link #set}
   */
  public void reset(Volume volume) {
    profiles.reset(volume.name());
  }
}
