/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

/**
 * How many calls are expected.
 *
 * @param most {@link Long#MAX_VALUE} for any number
 */
public record CallCount(long least, long most) {
  public CallCount {
    if (least < 0 || most < least) {
      throw new IllegalArgumentException(
          "at least " + least + " and at most " + most + " calls; allowed: 0 <= least <= most");
    }
  }

  public static CallCount exactly(long count) {
    return new CallCount(count, count);
  }

  public static CallCount atLeast(long count) {
    return new CallCount(count, Long.MAX_VALUE);
  }

  public static CallCount atMost(long count) {
    return new CallCount(0, count);
  }

  boolean admits(long count) {
    return count >= least && count <= most;
  }

  @Override
  public String toString() {
    if (least == most) {
      return "exactly " + least;
    } else if (most == Long.MAX_VALUE) {
      return "at least " + least;
    }
    return least == 0 ? "at most " + most : least + " to " + most;
  }
}
