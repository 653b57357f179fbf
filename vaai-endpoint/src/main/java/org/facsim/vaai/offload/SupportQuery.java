/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.SupportAnswer;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.vaai.offload.ArrayProfile.AcrossVolumes;
import org.facsim.vaai.offload.ArrayProfile.FullClone;
import org.facsim.vaai.offload.ArrayProfile.Reserve;
import org.facsim.vaai.offload.ArrayProfile.Statistics;

/** Which primitives work on a volume now; what is supported may still fail. */
final class SupportQuery {
  private static final int COMMON_FLAGS = CloneFlags.DRY_RUN | CloneFlags.GUARDED;

  SupportAnswer answer(VaaiExports.Access access, ArrayProfile profile, VaaiPrimitive primitive) {
    switch (profile.availability()) {
      case AVAILABLE -> {}
      case TAKEOVER -> {
        return no("a controller takes over");
      }
      case OFF -> {
        return no("offloading is switched off");
      }
    }
    return switch (primitive) {
      case FULL_CLONE ->
          clone(access, profile.fullClone() != FullClone.UNSUPPORTED, COMMON_FLAGS, "full clones");
      case LAZY_CLONE ->
          clone(access, profile.fastClone(), COMMON_FLAGS | CloneFlags.LAZY, "fast clones");
      case CLONE_ACROSS_VOLUMES ->
          profile.acrossVolumes() == AcrossVolumes.UNSUPPORTED
              ? no(ClonePlanner.NOT_ACROSS_VOLUMES)
              : clone(access, true, COMMON_FLAGS | CloneFlags.OTHER_VOLUME, "");
      case EXTENDED_STATISTICS ->
          profile.extendedStatistics() == Statistics.UNSUPPORTED
              ? no(OffloadEngine.NO_STATISTICS)
              : new SupportAnswer(true, 0, "");
      // An array that only says that it reserves says so here, too.
      case RESERVE_SPACE ->
          profile.reserveSpace() == Reserve.UNSUPPORTED
              ? no(OffloadEngine.NO_RESERVATIONS)
              : clone(access, true, 0, "");
    };
  }

  private static SupportAnswer clone(
      VaaiExports.Access access, boolean offered, int flags, String what) {
    if (!offered) {
      return no(what + " are not offered");
    }
    return access.readOnly() ? no(ClonePlanner.READ_ONLY) : new SupportAnswer(true, flags, "");
  }

  private static SupportAnswer no(String reason) {
    return new SupportAnswer(false, 0, reason);
  }
}
