/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.Objects;
import org.facsim.services.access.Grant;

/**
 * A clone as a host asks for it.
 *
 * @param initiator who asks, with its grant on the destination or its export
 * @param sourceGrant on the source or its export
 * @param source a regular file, beside its grant
 * @param destination a regular file, beside its grant; must exist unless lazy
 * @param options what more is asked for
 * @param patience by then the order is answered, with a job that runs if it must be; zero: at the
 *     end
 */
public record CloneOrder(
    Initiator initiator,
    Grant sourceGrant,
    FileRef source,
    FileRef destination,
    CloneOptions options,
    Duration patience) {
  public CloneOrder {
    Objects.requireNonNull(initiator);
    Objects.requireNonNull(sourceGrant);
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
        initiator, initiator.grant(), source, destination, options, Duration.ZERO);
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

  Grant destinationGrant() {
    return initiator.grant();
  }

  boolean isAcrossVolumes() {
    return sourceGrant.volume().id() != destinationGrant().volume().id();
  }
}
