/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes things in a given order, even if some of them throw. */
final class Closing {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private Closing() {}

  /**
   * Runs all steps in order, whether or not earlier ones fail.
   *
   * @throws RuntimeException or an error: the first failure, with the later ones suppressed
   */
  static void inOrder(Runnable... steps) {
    Throwable first = null;
    for (Runnable step : steps) {
      try {
        step.run();
      } catch (RuntimeException | Error failure) {
        if (first == null) {
          first = failure;
        } else if (first != failure) {
          first.addSuppressed(failure);
        }
      }
    }
    if (first instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    if (first instanceof Error error) {
      throw error;
    }
  }

  /** Runs a step. If it throws an exception, only the log says so. */
  static void quietly(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.warn("a part of the array did not close cleanly: {}", e.toString());
    }
  }
}
