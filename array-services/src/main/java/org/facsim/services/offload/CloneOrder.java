/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.facsim.services.access.Grant;
import org.facsim.services.explain.CallSize;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.CloneRequestFacts;

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
  /** What is asked for in words, by {@link CloneOptions#bits}. */
  private static final List<String> KINDS = kinds();

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
    return new CloneReport(facts(client, dialect, grantOrNull, source, destination, options), wire);
  }

  private static List<String> kinds() {
    List<String> kinds = new ArrayList<>();
    for (int bits = 0; bits < 1 << CloneOption.values().length; bits++) {
      kinds.add(
          (has(bits, CloneOption.GUARDED) ? "guarded " : "")
              + (has(bits, CloneOption.LAZY) ? "fast clone" : "full clone")
              + (has(bits, CloneOption.OTHER_VOLUME) ? " from another volume" : ""));
    }
    return List.copyOf(kinds);
  }

  @SuppressWarnings("EnumOrdinal") // as CloneOptions#bits
  private static boolean has(int bits, CloneOption option) {
    return (bits & 1 << option.ordinal()) != 0;
  }

  private static CloneRequestFacts facts(
      String client,
      Dialect dialect,
      Grant grantOrNull,
      FileRef source,
      FileRef destination,
      CloneOptions options) {
    return new CloneRequestFacts(
        client,
        dialect.label(),
        grantOrNull == null ? "" : grantOrNull.volume().name(),
        KINDS.get(options.bits()),
        options.has(CloneOption.DRY_RUN),
        source.inWords(),
        destination.inWords());
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
