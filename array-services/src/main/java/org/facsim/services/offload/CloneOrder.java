/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.Objects;
import org.facsim.services.access.Grant;

/**
 * A clone that a host asks for.
 *
 * @param initiator the host that asks, with its grant on the destination or the destination's
 *     export
 * @param sourceGrant the grant on the source or the source's export
 * @param source a regular file, named relative to its grant
 * @param destination a regular file, named relative to its grant; it must exist unless the clone is
 *     lazy
 * @param options what else the host asks for
 * @param patience how long the host waits: after that the order is answered even if the job still
 *     runs; if zero, the order is answered at the job's end
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

  /** A clone within one export, whose answer comes when there is something to say. */
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
