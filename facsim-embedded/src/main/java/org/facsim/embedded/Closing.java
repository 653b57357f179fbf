/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

/** Closes what must be closed in one order, whatever throws on the way. */
final class Closing {
  private Closing() {}

  /**
   * Runs all steps, each after the one before has ended in whatever way.
   *
   * @throws RuntimeException or an error: the first failure, which remembers those after it
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
