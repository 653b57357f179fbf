/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.certify;

import java.time.Duration;
import java.util.List;
import org.facsim.services.journal.JournalEntry;

/**
 * What happened in one case, by the array's own account.
 *
 * @param exitCode of the command; -1 if it was killed at its time limit
 * @param isLate whether it was
 * @param calls of VAAI in any dialect, in their order
 * @param clonesMade jobs that succeeded
 * @param jobsLeft that were under way when the command had ended
 * @param destination what the file holds
 * @param writes WRITEs that changed the destination
 * @param takenBytes how many bytes more the volume uses than before
 * @param exclusiveBytes of the destination: what only it holds
 * @param output the last lines that the command printed
 */
record CaseFacts(
    int exitCode,
    boolean isLate,
    Duration took,
    List<JournalEntry> calls,
    long clonesMade,
    long jobsLeft,
    Contents destination,
    long writes,
    long takenBytes,
    long exclusiveBytes,
    List<String> output) {
  CaseFacts {
    calls = List.copyOf(calls);
    output = List.copyOf(output);
  }

  /** What a destination holds. */
  enum Contents {
    MISSING("not there"),
    AS_IT_WAS("as it was"),
    CLONE("the source's bytes, all of them"),
    PARTIAL("neither what it held before nor the source's bytes");

    private final String words;

    Contents(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }
}
