/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Objects;
import org.facsim.services.access.Grant;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.CloneRequestFacts;
import org.facsim.services.state.LockClient;

/**
 * A range of a file that a client of NFSv4.2 asks for as the contents of a range of another one, or
 * of the same. Whether the range is allowed is judged when it is cloned.
 *
 * @param initiator the client, with its grant on the destination, a regular file
 * @param sourceGrant the grant on the source, a regular file
 * @param asking the client whose own delegations do not conflict; null for none
 * @param sourceOffsetBytes 0 or more
 * @param destinationOffsetBytes 0 or more
 * @param lengthBytes 0 or more; 0 means up to the source's end
 * @param report where the array notes how it judged the clone
 */
public record RangeOrder(
    Initiator initiator,
    Grant sourceGrant,
    LockClient asking,
    long sourceOffsetBytes,
    long destinationOffsetBytes,
    long lengthBytes,
    CloneReport report) {
  private static final String BY_HANDLE = FileRef.granted().inWords();

  public RangeOrder {
    Objects.requireNonNull(initiator);
    Objects.requireNonNull(sourceGrant);
    Objects.requireNonNull(report);
  }

  /**
   * A report of a clone that is asked for.
   *
   * @param operation of NFSv4.2 that asks, for example {@code CLONE}
   */
  public static CloneReport report(Initiator initiator, Grant sourceGrant, String operation) {
    CloneReport report =
        new CloneReport(
            new CloneRequestFacts(
                initiator.client(),
                initiator.dialect().label(),
                initiator.grant().volume().name(),
                operation + " of NFSv4.2",
                false,
                BY_HANDLE,
                BY_HANDLE),
            null);
    report.files(sourceGrant.file().handle(), initiator.grant().file().handle());
    return report;
  }
}
