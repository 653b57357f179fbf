/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.concurrent.TimeUnit;

/**
 * How a client repeats what the server asks it to repeat: JUKEBOX, DELAY, and GRACE, which a server
 * says of opens and locks for a while after its start, of locks perhaps longer than of opens.
 */
final class Patience {
  static final int ATTEMPTS = 100;
  private static final int PAUSE_MILLIS = 50;
  private static final int GRACE_SECONDS = 120;

  private Patience() {}

  /**
   * Whether an operation of NFSv4 is to be sent once more.
   *
   * @param attempt from 0 on
   * @throws CompareException if the server says GRACE for longer than {@value #GRACE_SECONDS} s
   */
  static boolean asksToRepeat(String status, int attempt) {
    if (status.equals("GRACE")) {
      if (attempt >= GRACE_SECONDS * 1000 / PAUSE_MILLIS) {
        throw new CompareException(
            "the server is in its grace period for more than " + GRACE_SECONDS + " s");
      }
      return true;
    }
    return status.equals("DELAY") && attempt < ATTEMPTS;
  }

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompareException("interrupted", e);
    }
  }
}
