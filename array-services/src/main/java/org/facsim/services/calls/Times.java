/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.time.Duration;

/** The bounds of the times that verdicts carry. */
public final class Times {
  /** The longest time of a verdict. */
  public static final Duration MAX = Duration.ofHours(1);

  private Times() {}

  /**
   * A time in nanoseconds.
   *
   * @throws IllegalArgumentException unless it is more than 0 and at most {@link #MAX}
   */
  static long nanos(Duration time) {
    if (time.isNegative() || time.isZero() || time.compareTo(MAX) > 0) {
      throw new IllegalArgumentException("a time of " + time + "; more than 0, at most " + MAX);
    }
    return time.toNanos();
  }
}
