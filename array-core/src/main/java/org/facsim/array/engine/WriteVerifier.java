/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.util.function.LongSupplier;
import org.facsim.array.inode.HandleKey;
import org.facsim.array.inode.Timestamps;

/**
 * What WRITE and COMMIT return, so that clients notice that unstable writes may be lost. It is a
 * new one at each start and after each failed force, whatever the clock says. Thread-safe.
 */
final class WriteVerifier {
  private final HandleKey key;
  private final Timestamps clock;
  private final LongSupplier starts;

  private volatile long value;

  /** Guarded by this object's monitor. */
  private long draws;

  /**
   * @param starts how often the array was opened; 0 for an array in memory
   */
  WriteVerifier(HandleKey key, Timestamps clock, LongSupplier starts) {
    this.key = key;
    this.clock = clock;
    this.starts = starts;
    draw();
  }

  long value() {
    return value;
  }

  /** Replaces it by a new one. */
  synchronized void draw() {
    value = key.writeVerifier(clock.nowNanos(), starts.getAsLong() << Integer.SIZE | draws++);
  }
}
