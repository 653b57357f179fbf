/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.Objects;
import org.facsim.services.access.Grant;
import org.facsim.services.explain.CallSize;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.CloneRequestFacts;

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
 * @param report where the array notes how it judged the clone
 */
public record CloneOrder(
    Initiator initiator,
    Grant sourceGrant,
    FileRef source,
    FileRef destination,
    CloneOptions options,
    Duration patience,
    CloneReport report) {
  public CloneOrder {
    Objects.requireNonNull(initiator);
    Objects.requireNonNull(sourceGrant);
    Objects.requireNonNull(source);
    Objects.requireNonNull(destination);
    Objects.requireNonNull(options);
    Objects.requireNonNull(report);
    if (patience.isNegative()) {
      throw new IllegalArgumentException("patience " + patience);
    }
  }

  /** An order with a report of its own. */
  public CloneOrder(
      Initiator initiator,
      Grant sourceGrant,
      FileRef source,
      FileRef destination,
      CloneOptions options,
      Duration patience) {
    this(
        initiator,
        sourceGrant,
        source,
        destination,
        options,
        patience,
        new CloneReport(
            facts(
                initiator.client(),
                initiator.dialect(),
                initiator.grant(),
                source,
                destination,
                options),
            null));
  }

  /**
   * A report of a clone that is asked for.
   *
   * @param grantOrNull on the destination or its export, as far as there is one
   * @param wire null if the door does not count
   */
  public static CloneReport report(
      String client,
      Dialect dialect,
      Grant grantOrNull,
      FileRef source,
      FileRef destination,
      CloneOptions options,
      CallSize wire) {
    return new CloneReport(
        facts(client, dialect, grantOrNull, source, destination, options), wire);
  }

  private static CloneRequestFacts facts(
      String client,
      Dialect dialect,
      Grant grantOrNull,
      FileRef source,
      FileRef destination,
      CloneOptions options) {
    String kind =
        (options.has(CloneOption.GUARDED) ? "guarded " : "")
            + (options.has(CloneOption.LAZY) ? "fast clone" : "full clone")
            + (options.has(CloneOption.OTHER_VOLUME) ? " from another volume" : "");
    return new CloneRequestFacts(
        client,
        dialect.label(),
        grantOrNull == null ? "" : grantOrNull.volume().name(),
        kind,
        options.has(CloneOption.DRY_RUN),
        source.inWords(),
        destination.inWords());
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
