/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;

/** Hears the events of an array, on its own executor, one call at a time. */
public interface EventSubscriber {
  /** Events in their order, none left out since the last call. */
  void heard(List<ArrayEvent> events);

  /**
   * Events were left out: the subscriber was slower than the array, or began too far behind. It
   * should look at the array itself; what follows is complete again.
   *
   * @param nextSequence of the event that it hears next
   */
  void missed(long nextSequence);
}
