/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;

/** Gets the events of an array, on its own executor, one call at a time. */
public interface EventSubscriber {
  /** The next events in order; none is missing since the last call. */
  void heard(List<ArrayEvent> events);

  /**
   * Events are missing, because the subscriber was slower than the array or began too far behind.
   * It should look at the array itself. The events that follow are complete again.
   *
   * @param nextSequence the number of the event that it gets next
   */
  void missed(long nextSequence);
}
