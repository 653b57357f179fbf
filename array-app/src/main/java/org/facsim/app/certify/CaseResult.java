/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.journal.JournalEntry;

/**
 * A case that was run.
 *
 * @param leftOut why it says nothing about the command: its dialect cannot say what the case is
 *     about; otherwise empty
 * @param problems empty if it is passed or left out
 * @param evidence files with the journal, packets and output; empty if it is passed
 */
record CaseResult(
    CertifyCase of, CaseFacts facts, String leftOut, List<String> problems, List<Path> evidence) {
  CaseResult {
    problems = List.copyOf(problems);
    evidence = List.copyOf(evidence);
  }

  boolean isPassed() {
    return problems.isEmpty() && !isLeftOut();
  }

  boolean isFailed() {
    return !problems.isEmpty();
  }

  boolean isLeftOut() {
    return !leftOut.isEmpty();
  }

  /** The calls that were seen, equal ones in a row as one, for example {@code SUPPORT OK x5}. */
  List<String> deeds() {
    List<String> deeds = new ArrayList<>();
    String before = "";
    int times = 0;
    for (JournalEntry call : facts.calls()) {
      String deed = deed(call);
      if (!deed.equals(before) && times > 0) {
        deeds.add(times(before, times));
        times = 0;
      }
      before = deed;
      times++;
    }
    if (times > 0) {
      deeds.add(times(before, times));
    }
    return deeds;
  }

  private static String times(String deed, int times) {
    return times == 1 ? deed : deed + " x" + times;
  }

  private static String deed(JournalEntry call) {
    String status = call.status().isEmpty() ? "" : " " + call.status();
    String name = call.door() == Door.HTTP ? VaaiCalls.nameOf(call.procedure()) : call.procedure();
    return name
        + switch (call.outcome()) {
          case ANSWERED -> status;
          case ANSWERED_FROM_MEMORY -> status + " (from memory)";
          case REPLY_LOST -> status + " (reply lost)";
          case NOT_ANSWERED, UNDER_WAY -> " (no answer)";
        };
  }
}
