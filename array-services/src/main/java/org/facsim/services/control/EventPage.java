/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;

/**
 * Events that follow a sequence number.
 *
 * @param isComplete false if events between that number and the first one here are remembered no
 *     more, or were never of this run: whoever asked should look at the array itself
 * @param lastSequence of all events so far; greater than that of the last one here if there are
 *     more than were asked for
 */
public record EventPage(List<ArrayEvent> events, boolean isComplete, long lastSequence) {
  public EventPage {
    events = List.copyOf(events);
  }
}
