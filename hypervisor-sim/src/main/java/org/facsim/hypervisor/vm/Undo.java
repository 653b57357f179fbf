/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.ArrayDeque;
import java.util.Deque;

/** The way back from what an operation has done so far. */
final class Undo {
  private final Deque<Runnable> steps = new ArrayDeque<>();

  /** Adds a step; the last that was added is taken first. */
  void add(Runnable step) {
    steps.push(step);
  }

  /**
   * Takes all steps, each whatever became of the others.
   *
   * @param failure what ended the operation; failures of steps are added to it
   * @return whether every step went well
   */
  boolean run(Throwable failure) {
    boolean clean = true;
    while (!steps.isEmpty()) {
      try {
        steps.pop().run();
      } catch (RuntimeException e) {
        failure.addSuppressed(e);
        clean = false;
      }
    }
    return clean;
  }
}
