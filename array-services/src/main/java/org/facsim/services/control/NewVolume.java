/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.facsim.services.access.ExportRule;
import org.facsim.services.offload.ArrayProfile;

/**
 * A volume to be made.
 *
 * @param rules whom it is exported to, at most {@link org.facsim.services.access.Export#MAX_RULES};
 *     with an empty list nobody is admitted; if there is no list, as a volume that nothing is said
 *     of: everyone, unless an option of this start has rules for the name
 * @param profile how it behaves toward hosts; the standard if there is none
 */
public record NewVolume(
    VolumeSpec spec, Optional<List<ExportRule>> rules, Optional<ArrayProfile> profile) {
  public NewVolume {
    Objects.requireNonNull(spec);
    rules = rules.map(List::copyOf);
    Objects.requireNonNull(profile);
  }

  /** One that nothing else is said of. */
  public static NewVolume of(String name, long sizeBytes) {
    return new NewVolume(new VolumeSpec(name, sizeBytes), Optional.empty(), Optional.empty());
  }
}
