/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Objects;
import java.util.function.Consumer;

/**
 * How a clone job goes otherwise than its volume's profile says. Such a job takes time even if it
 * shares all blocks: then its bytes count as done at the pace of the fault, and the blocks are
 * shared in one step at the end. So it can be aborted, and is lost with a restart, as one that
 * copies.
 *
 * @param label what the fault is called, for example the rule that it comes from
 * @param bytesPerSecond of the job's progress; 0 for the profile's rate, or no limit
 * @param slowdown how many times slower than that, 1 or more; where there is no limit, {@value
 *     #UNLIMITED_BYTES_PER_SECOND} bytes per second count as the rate
 * @param stallAtPercent where the job stands still until it is resumed, 0 to 100; {@value #NEVER}
 * @param failAtPercent where the job fails, 0 to 100; {@value #NEVER}
 * @param error what it fails with
 * @param whenResumed is given what to run when the stall is over; may run it at once
 */
public record CloneFault(
    String label,
    long bytesPerSecond,
    double slowdown,
    int stallAtPercent,
    int failAtPercent,
    OffloadError error,
    Consumer<Runnable> whenResumed) {
  /** A percentage that no job comes to. */
  public static final int NEVER = -1;

  /** What counts as the rate of a job without one. */
  public static final long UNLIMITED_BYTES_PER_SECOND = 1L << 30;

  /** The greatest slowdown. */
  public static final double MAX_SLOWDOWN = 1e6;

  private static final int ALL = 100;

  public CloneFault {
    Objects.requireNonNull(label);
    Objects.requireNonNull(error);
    Objects.requireNonNull(whenResumed);
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException(bytesPerSecond + " bytes per second; allowed: 0 and more");
    }
    if (!(slowdown >= 1 && slowdown <= MAX_SLOWDOWN)) {
      throw new IllegalArgumentException(
          "slowed " + slowdown + " times; allowed: 1 to " + (long) MAX_SLOWDOWN);
    }
    requirePercent(stallAtPercent);
    requirePercent(failAtPercent);
  }

  private static void requirePercent(int percent) {
    if (percent < NEVER || percent > ALL) {
      throw new IllegalArgumentException(percent + " %; allowed: 0 to " + ALL);
    }
  }
}
