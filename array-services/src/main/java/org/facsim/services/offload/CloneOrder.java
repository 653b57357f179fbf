/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.Objects;

/**
 * A clone as a host asks for it.
 *
 * @param initiator who asks, with its rights on the destination's export
 * @param sourceAccess its rights on the source's export; the same unless the source is elsewhere
 * @param source a regular file in the source's export
 * @param destination a regular file in the destination's export; must exist unless lazy
 * @param options what more is asked for
 * @param patience by then the order is answered, with a job that runs if it must be; zero: at the
 *     end
 */
public record CloneOrder(
    Initiator initiator,
    VaaiExports.Access sourceAccess,
    FileRef source,
    FileRef destination,
    CloneOptions options,
    Duration patience) {
  public CloneOrder {
    Objects.requireNonNull(initiator);
    Objects.requireNonNull(sourceAccess);
    Objects.requireNonNull(source);
    Objects.requireNonNull(destination);
    Objects.requireNonNull(options);
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience " + patience);
    }
  }

  /** A clone within one export, answered when there is something to say. */
  public static CloneOrder within(
      Initiator initiator, FileRef source, FileRef destination, CloneOptions options) {
    return new CloneOrder(
        initiator, initiator.access(), source, destination, options, Duration.ZERO);
  }

  boolean has(CloneOption option) {
    return options.has(option);
  }

  boolean isLazy() {
    return has(CloneOption.LAZY);
  }

  boolean isDryRun() {
    return has(CloneOption.DRY_RUN);
  }

  VaaiExports.Access destinationAccess() {
    return initiator.access();
  }

  boolean isAcrossVolumes() {
    return sourceAccess.volume().id() != destinationAccess().volume().id();
  }
}
