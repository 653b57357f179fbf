/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.lab;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.facsim.services.calls.Door;
import org.facsim.services.journal.CallFilter;
import org.facsim.services.journal.Journal;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalPage;

/**
 * Adds up, from the array's journal, what hosts write into directories that were not there at the
 * start: copies of virtual machines. Also counts requests for the fault rules. {@link #drain} takes
 * the calls that came since the last time; it must be called often enough that the journal does not
 * overwrite them, and what it missed is counted. Thread-safe.
 */
final class Traffic {
  /** How many calls the journal keeps for a lab. */
  static final int JOURNAL_CALLS = 20_000;

  private static final String WRITE = "WRITE";

  /** Presets say nothing of what is in force, and an instructor switches them on. */
  private static final String FAULTS = "/api/v1/faults";

  /** The most directories that are told apart; what is written into others is added up. */
  private static final int MAX_DIRECTORIES = 1000;

  private static final String OTHERS = "others";

  private final Journal journal;
  private final Map<String, Long> bytesByDirectory = new HashMap<>();
  private Set<String> known = Set.of();
  private long after;

  /** The last call that was made before this began to count anew, or to count looks anew. */
  private long writesAfter;

  private long peeksAfter;
  private long missed;
  private int peeks;

  Traffic(Journal journal) {
    this.journal = journal;
  }

  /**
   * Begins to count anew what is written; looks at fault rules count on. Reads no call: there may
   * be thousands, and a reset waits for this.
   *
   * @param knownDirectories those that are there, as {@code /volume/directory}
   */
  synchronized void restart(Set<String> knownDirectories) {
    known = Set.copyOf(knownDirectories);
    bytesByDirectory.clear();
    missed = 0;
    writesAfter = journal.status().lastSequence();
  }

  /** Nobody has looked at fault rules, because somebody else begins. */
  synchronized void forgetPeeks() {
    peeks = 0;
    peeksAfter = journal.status().lastSequence();
  }

  /** Takes the calls that came since the last time. */
  synchronized void drain() {
    JournalPage page;
    do {
      long first = journal.status().firstSequence();
      missed += Math.max(0, first - Math.max(after, writesAfter) - 1);
      page = journal.after(CallFilter.calls(), after, Journal.MAX_PAGE);
      page.entries().forEach(this::count);
      after = Math.max(after, page.nextAfter());
    } while (page.entries().size() == Journal.MAX_PAGE);
  }

  private void count(JournalEntry call) {
    if (call.door() == Door.HTTP) {
      peeks += call.sequence() > peeksAfter && call.procedure().contains(FAULTS) ? 1 : 0;
    } else if (call.sequence() > writesAfter
        && call.procedure().equals(WRITE)
        && !call.path().isEmpty()) {
      String directory = directoryOf(call.path());
      if (!known.contains(directory)) {
        String key =
            bytesByDirectory.size() < MAX_DIRECTORIES || bytesByDirectory.containsKey(directory)
                ? directory
                : OTHERS;
        bytesByDirectory.merge(key, call.requestBytes(), Long::sum);
      }
    }
  }

  /** {@code /volume/directory} of a path; the volume for a file in its root. */
  private static String directoryOf(String path) {
    int volumeEnd = path.indexOf('/', 1);
    int directoryEnd = volumeEnd < 0 ? -1 : path.indexOf('/', volumeEnd + 1);
    return directoryEnd < 0
        ? path.substring(0, Math.max(0, volumeEnd))
        : path.substring(0, directoryEnd);
  }

  synchronized Map<String, Long> bytesByDirectory() {
    return Map.copyOf(bytesByDirectory);
  }

  synchronized long missed() {
    return missed;
  }

  synchronized int peeks() {
    return peeks;
  }
}
