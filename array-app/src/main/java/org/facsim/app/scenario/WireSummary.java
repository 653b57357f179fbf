/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.facsim.services.calls.Door;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalEntry.Outcome;
import org.facsim.services.units.ByteSize;

/**
 * What went over the wire in a step: calls that were answered, by door and procedure. How often a
 * call is sent again that is not answered depends on the machine, so such calls are mentioned and
 * not counted.
 *
 * <p>The same holds for the data that was under way when a task failed.
 *
 * @param kinds in the order of their names
 * @param hasUnanswered whether some calls had no answer
 * @param hasDataOfFailure whether there were READs and WRITEs of a task that failed
 */
record WireSummary(List<Kind> kinds, boolean hasUnanswered, boolean hasDataOfFailure) {
  WireSummary {
    kinds = List.copyOf(kinds);
  }

  /**
   * Calls of one procedure.
   *
   * @param requestBytes of all calls, with headers
   * @param replyBytes of all answers, with headers
   */
  record Kind(String door, String procedure, long calls, long requestBytes, long replyBytes) {
    private boolean isData() {
      return isRead() || isWrite();
    }

    private Kind plus(JournalEntry call) {
      return new Kind(
          door,
          procedure,
          calls + 1,
          requestBytes + call.requestBytes(),
          replyBytes + call.replyBytes());
    }

    boolean isRead() {
      return door.equals("nfs") && procedure.equals("READ");
    }

    boolean isWrite() {
      return door.equals("nfs") && procedure.equals("WRITE");
    }

    private String inWords() {
      String bytes =
          isRead()
              ? " (" + ByteSize.format(replyBytes) + ")"
              : isWrite() ? " (" + ByteSize.format(requestBytes) + ")" : "";
      return calls + " " + (door.equals("nfs") ? "" : door + " ") + procedure + bytes;
    }
  }

  /**
   * Counts calls.
   *
   * @param isFailure whether the step's task failed
   */
  static WireSummary of(List<JournalEntry> calls, boolean isFailure) {
    Map<String, Kind> kinds = new TreeMap<>();
    boolean hasUnanswered = false;
    for (JournalEntry call : calls) {
      if (call.outcome() == Outcome.ANSWERED) {
        String door = door(call.door());
        String key = door + " " + call.procedure();
        Kind before = kinds.getOrDefault(key, new Kind(door, call.procedure(), 0, 0, 0));
        kinds.put(key, before.plus(call));
      } else {
        hasUnanswered = true;
      }
    }
    boolean hasData = isFailure && kinds.values().removeIf(Kind::isData);
    return new WireSummary(new ArrayList<>(kinds.values()), hasUnanswered, hasData);
  }

  private static String door(Door door) {
    return door.name().toLowerCase(Locale.ROOT);
  }

  /** What a step caused, for the modelled time. */
  ModelledTime.Work work(long copiedBytes) {
    long metadata = 0;
    long data = 0;
    long read = 0;
    long written = 0;
    for (Kind kind : kinds) {
      if (kind.isRead()) {
        data += kind.calls;
        read += kind.replyBytes;
      } else if (kind.isWrite()) {
        data += kind.calls;
        written += kind.requestBytes;
      } else {
        metadata += kind.calls;
      }
    }
    return new ModelledTime.Work(metadata, data, read, written, copiedBytes);
  }

  String inWords() {
    String words =
        kinds.isEmpty() ? "nothing" : String.join(", ", kinds.stream().map(Kind::inWords).toList());
    return words
        + (hasDataOfFailure ? ", and READs and WRITEs of the task that failed" : "")
        + (hasUnanswered ? ", and calls without an answer" : "");
  }
}
