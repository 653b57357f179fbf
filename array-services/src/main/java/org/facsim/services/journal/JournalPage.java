/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.util.List;

/**
 * Calls of the journal, in the order of their arrival.
 *
 * @param isComplete false if calls that were asked for may be missing, because they are overwritten
 *     or could not be recorded
 * @param nextAfter what to ask for to get those that follow: the number of the last call that was
 *     looked at
 * @param lastSequence the number of the last call so far
 */
public record JournalPage(
    List<JournalEntry> entries, boolean isComplete, long nextAfter, long lastSequence) {
  public JournalPage {
    entries = List.copyOf(entries);
  }
}
