/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.facsim.services.access.ExportRule;
import org.facsim.services.offload.ArrayProfile;

/**
 * A volume that is to be made.
 *
 * @param rules to whom it is exported, at most {@link org.facsim.services.access.Export#MAX_RULES}
 *     rules. If the list is empty, no client is admitted. Without a list, the rules are those that
 *     an option of this start has for the name, or else everyone is admitted
 * @param profile how it behaves toward hosts; without one, the standard profile
 */
public record NewVolume(
    VolumeSpec spec, Optional<List<ExportRule>> rules, Optional<ArrayProfile> profile) {
  public NewVolume {
    Objects.requireNonNull(spec);
    rules = rules.map(List::copyOf);
    Objects.requireNonNull(profile);
  }

  /** A volume with the default rules and profile. */
  public static NewVolume of(String name, long sizeBytes) {
    return new NewVolume(new VolumeSpec(name, sizeBytes), Optional.empty(), Optional.empty());
  }
}
