/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.EnumSet;
import java.util.Set;
import org.facsim.services.access.Grant;
import org.facsim.services.offload.ArrayProfile.AcrossVolumes;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.Reserve;
import org.facsim.services.offload.ArrayProfile.Statistics;
import org.facsim.services.offload.ArrayProfile.Unmap;

/** Finds out which primitives work on a volume now; a call of a supported one may still fail. */
final class SupportQuery {
  private static final Set<CloneOption> FULL = EnumSet.of(CloneOption.DRY_RUN, CloneOption.GUARDED);
  private static final Set<CloneOption> LAZY =
      EnumSet.of(CloneOption.DRY_RUN, CloneOption.GUARDED, CloneOption.LAZY);
  private static final Set<CloneOption> ACROSS =
      EnumSet.of(CloneOption.DRY_RUN, CloneOption.GUARDED, CloneOption.OTHER_VOLUME);

  Support answer(Grant grant, ArrayProfile profile, Primitive primitive) {
    if (!profile.isAvailable()) {
      return Support.no(ClonePlanner.whyNotAvailable(profile));
    }
    return switch (primitive) {
      case FULL_CLONE ->
          clone(grant, profile.fullClone() != FullClone.UNSUPPORTED, FULL, "full clones");
      case FAST_CLONE -> clone(grant, profile.fastClone(), LAZY, "fast clones");
      case CLONE_ACROSS_VOLUMES ->
          profile.acrossVolumes() == AcrossVolumes.UNSUPPORTED
              ? Support.no(ClonePlanner.NOT_ACROSS_VOLUMES)
              : clone(grant, true, ACROSS, "");
      case EXTENDED_STATISTICS ->
          profile.extendedStatistics() == Statistics.UNSUPPORTED
              ? Support.no(OffloadEngine.NO_STATISTICS)
              : Support.yes(Set.of());
      // An array that only claims to reserve claims it here, too.
      case RESERVE_SPACE ->
          profile.reserveSpace() == Reserve.UNSUPPORTED
              ? Support.no(OffloadEngine.NO_RESERVATIONS)
              : clone(grant, true, Set.of(), "");
      // As with reservations: an array that ignores UNMAP says that it has it.
      case UNMAP ->
          profile.unmap() == Unmap.UNSUPPORTED
              ? Support.no(OffloadEngine.NO_UNMAP)
              : clone(grant, true, Set.of(), "");
    };
  }

  private static Support clone(
      Grant grant, boolean offered, Set<CloneOption> options, String what) {
    if (!offered) {
      return Support.no(what + " are not offered");
    }
    return grant.terms().readOnly() ? Support.no(ClonePlanner.READ_ONLY) : Support.yes(options);
  }
}
