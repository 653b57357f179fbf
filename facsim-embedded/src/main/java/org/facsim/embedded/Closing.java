/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

/** Closes things in a given order, even if some of them throw. */
final class Closing {
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
}
