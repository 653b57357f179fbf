/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.time;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What is expected from servers, each answer on its path. Thread-safe. */
final class Expectations {
  private static final int MAX_PATIENCES = 30;

  private final long patienceNanos;
  private final long shortPatienceNanos;

  // All guarded by the monitor of this object; time here is the machine's.
  private final Set<Expected> waitedFor = new HashSet<>();
  private final Map<Object, Integer> missingByPath = new HashMap<>();
  private long lastArrivalNanos = System.nanoTime();

  /** One answer; equal to itself only. */
  private static final class Expected {
    final Object path;
    final long sinceNanos = System.nanoTime();

    Expected(Object path) {
      this.path = path;
    }
  }

  Expectations(Duration patience, Duration shortPatience) {
    this.patienceNanos = patience.toNanos();
    this.shortPatienceNanos = shortPatience.toNanos();
  }

  void add(Object path, CompletableFuture<?> answer) {
    Expected one = new Expected(path);
    synchronized (this) {
      waitedFor.add(one);
    }
    var unused = answer.whenComplete((value, failure) -> arrived(one));
  }

  private synchronized void arrived(Expected one) {
    if (!waitedFor.remove(one)) {
      missingByPath.computeIfPresent(one.path, (path, count) -> count == 1 ? null : count - 1);
    }
    lastArrivalNanos = System.nanoTime();
    notifyAll();
  }

  /**
   * Waits until everything has come, except what counts as silent. If threads that know nothing of
   * this time go on expecting more, it ends after some time all the same.
   */
  synchronized void settle() {
    boolean interrupted = false;
    long endNanos = System.nanoTime() + MAX_PATIENCES * patienceNanos;
    for (long leftNanos = nanosToWait();
        leftNanos > 0 && System.nanoTime() - endNanos < 0;
        leftNanos = nanosToWait()) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, Math.max(leftNanos, 1_000_000));
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives up what has been silent for too long; returns how long to wait for the rest at most. */
  private long nanosToWait() {
    long now = System.nanoTime();
    long longestNanos = 0;
    for (Iterator<Expected> each = waitedFor.iterator(); each.hasNext(); ) {
      Expected one = each.next();
      long leftNanos =
          missingByPath.containsKey(one.path)
              ? one.sinceNanos + shortPatienceNanos - now
              : Math.max(one.sinceNanos, lastArrivalNanos) + patienceNanos - now;
      if (leftNanos > 0) {
        longestNanos = Math.max(longestNanos, leftNanos);
      } else {
        each.remove();
        missingByPath.merge(one.path, 1, Integer::sum);
      }
    }
    return longestNanos;
  }
}
