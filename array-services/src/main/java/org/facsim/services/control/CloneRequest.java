/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import org.facsim.array.Volume;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ArrayProfile.FullClone;

/**
 * A clone that an administrator asks for.
 *
 * @param sourceVolume where the source is
 * @param sourcePath a file, or a directory with everything below it, without slashes at its ends
 * @param volume where the clone goes
 * @param path what it is to become, which must not exist; likewise
 * @param profile by which it is made: it says whether the array shares blocks or copies them, at
 *     which rate, and whether it keeps a snapshot
 */
public record CloneRequest(
    Volume sourceVolume, String sourcePath, Volume volume, String path, ArrayProfile profile) {
  /** Whether blocks are copied: by the profile, and always from one volume to another. */
  boolean isCopied() {
    return sourceVolume.id() != volume.id() || profile.fullClone() == FullClone.COPY;
  }
}
