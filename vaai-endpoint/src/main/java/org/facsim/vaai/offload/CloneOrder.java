/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.time.Duration;
import java.util.Objects;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.VaaiFile;

/**
 * A clone as a host asks for it.
 *
 * @param initiator who asks, with its rights on the destination's export
 * @param sourceAccess its rights on the source's export; the same unless the source is elsewhere
 * @param source a regular file in the source's export
 * @param destination a regular file in the destination's export; must exist unless lazy
 * @param flags of {@link CloneFlags}
 * @param patience by then the order is answered, with a job that runs if it must be; zero: at the
 *     end
 */
public record CloneOrder(
    Initiator initiator,
    VaaiExports.Access sourceAccess,
    VaaiFile source,
    VaaiFile destination,
    int flags,
    Duration patience) {
  public CloneOrder {
    Objects.requireNonNull(initiator);
    Objects.requireNonNull(sourceAccess);
    Objects.requireNonNull(source);
    Objects.requireNonNull(destination);
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience " + patience);
    }
  }

  /** A clone within one export, answered when there is something to say. */
  public static CloneOrder within(
      Initiator initiator, VaaiFile source, VaaiFile destination, int flags) {
    return new CloneOrder(initiator, initiator.access(), source, destination, flags, Duration.ZERO);
  }

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  boolean isLazy() {
    return has(CloneFlags.LAZY);
  }

  boolean isDryRun() {
    return has(CloneFlags.DRY_RUN);
  }

  VaaiExports.Access destinationAccess() {
    return initiator.access();
  }

  boolean isAcrossVolumes() {
    return sourceAccess.volume().id() != destinationAccess().volume().id();
  }
}
