/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.faults;

import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;

/** Whoever hears of the calls that its criteria match. */
interface CallListener {
  Criteria criteria();

  /** Whether calls of a kind that can match concern it: a status may exclude some. */
  boolean mayConcern(Door door, String procedure);

  /** Whether it hears of a call at its operation point, and not when it arrives. */
  boolean isAtOperation();

  /**
   * A call that the criteria match.
   *
   * @return its number, counted from 1, if the rule applies to it; 0 if not
   */
  long hear(CallRecord call);
}
