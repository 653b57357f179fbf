/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;

/**
 * Events that follow a sequence number.
 *
 * @param isComplete false if events between that number and the first one here were dropped, or are
 *     of another run; the reader should then look at the array itself
 * @param lastSequence the number of the last event so far; if there are more events than were asked
 *     for, it is greater than that of the last one here
 */
public record EventPage(List<ArrayEvent> events, boolean isComplete, long lastSequence) {
  public EventPage {
    events = List.copyOf(events);
  }
}
