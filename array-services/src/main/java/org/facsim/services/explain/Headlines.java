/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.util.Locale;
import org.facsim.services.explain.Explanation.Moved;
import org.facsim.services.explain.FileTransfers.Totals;

/** The first sentence of an explanation, for people who never read an RFC. */
final class Headlines {
  private static final long KIB = 1024;
  private static final String[] UNITS = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Headlines() {}

  /** For example {@code 16.5 GiB}. */
  static String size(long bytes) {
    double amount = bytes;
    int unit = 0;
    while (amount >= KIB && unit < UNITS.length - 1) {
      amount /= KIB;
      unit++;
    }
    return unit == 0
        ? bytes + " bytes"
        : String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
  }

  static String of(
      CloneReport report, CloneOutcome outcome, String subject, Moved moved, boolean isUndone) {
    if (isUndone) {
      return subject
          + " was offloaded once, but the array was restored to a named state since, which undid"
          + " it.";
    }
    return switch (outcome) {
      case SHARED ->
          subject
              + " was offloaded: the array shares "
              + size(report.sharedBytes())
              + " with the source, and no data crossed the network.";
      case COPIED_INSIDE ->
          subject
              + " was offloaded: the array copied "
              + size(report.copiedBytes())
              + " itself, which takes space, and no data crossed the network.";
      case DRY_RUN ->
          subject + " was only asked about, in a dry run: the clone would be offloaded.";
      case UNDER_WAY ->
          report.jobId() == 0 && !report.reason().isEmpty()
              ? subject + " is not cloned yet: " + report.reason() + "."
              : subject + " is being cloned by the array: the job has not ended.";
      case NOT_EXECUTED ->
          notOffloaded(
              subject,
              "a host asked for the clone, and the array never executed it: ",
              report,
              moved);
      case REFUSED ->
          report.request().isDryRun()
              ? subject
                  + " was only asked about, in a dry run: the clone would be refused, because "
                  + report.reason()
                  + "."
              : notOffloaded(subject, "the array refused the clone, because ", report, moved);
      case FAILED -> notOffloaded(subject, "the clone job failed, because ", report, moved);
      case ABORTED -> notOffloaded(subject, "the clone job was aborted: ", report, moved);
      case LOST -> notOffloaded(subject, "the clone job was lost: ", report, moved);
      case WRITTEN, UNKNOWN -> throw new IllegalStateException("a report of " + outcome);
    };
  }

  private static String notOffloaded(String subject, String how, CloneReport report, Moved moved) {
    return subject
        + " was not offloaded: "
        + how
        + report.reason()
        + "."
        + (moved.writes() == 0
            ? ""
            : " Hosts wrote " + size(moved.writtenBytes()) + " over the network afterwards.");
  }

  static String written(String subject, String client, Totals written) {
    return subject
        + " was not offloaded: no clone into it was asked for, and "
        + client
        + " wrote "
        + size(written.bytes())
        + " over the network.";
  }

  static String unknown(String subject, long sharedBytes) {
    return subject
        + ": the array remembers no clone into this file and no data written to it over NFS."
        + (sharedBytes == 0
            ? ""
            : " It shares "
                + size(sharedBytes)
                + " with other files, so it was cloned, or others were cloned from it.");
  }
}
