/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import java.util.concurrent.TimeUnit;

/** How a client repeats what the server asks it to repeat: JUKEBOX and DELAY. */
final class Patience {
  static final int ATTEMPTS = 100;
  private static final int PAUSE_MILLIS = 50;

  private Patience() {}

  static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CompareException("interrupted", e);
    }
  }
}
