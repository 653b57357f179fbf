/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Those who wait for groups. The lock of its user guards it. */
final class Waiters {
  private static final Logger LOG = LoggerFactory.getLogger(Waiters.class);

  /**
   * Somebody who waits for a group.
   *
   * @param done receives null, or the failure
   */
  record Waiter(long group, Executor executor, Consumer<Throwable> done) {
    /** Tells it. If it cannot be told, that does not disturb the other waiters. */
    void tell(ArrayException failure) {
      try {
        executor.execute(() -> done.accept(failure));
      } catch (RuntimeException | OutOfMemoryError e) { // the executor may get no thread
        LOG.error("whoever waits for group {} cannot be told", group, e);
      }
    }
  }

  private List<Waiter> waiting = new ArrayList<>();

  /** Whether somebody waits for this group or a later one. */
  boolean anyFrom(long group) {
    for (Waiter waiter : waiting) {
      if (waiter.group() >= group) {
        return true;
      }
    }
    return false;
  }

  void add(Waiter waiter) {
    waiting.add(waiter);
  }

  /** Takes out those who wait for groups up to this one. */
  List<Waiter> take(long group) {
    List<Waiter> taken = new ArrayList<>();
    List<Waiter> later = new ArrayList<>();
    for (Waiter waiter : waiting) {
      (waiter.group() <= group ? taken : later).add(waiter);
    }
    waiting = later;
    return taken;
  }
}
