/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.hypervisor.time.SteppedTime;

/**
 * Waits for a task in stepped time. A task that sleeps moves the time itself. A task that waits for
 * a timer of somebody else, such as the end of an array's absence, does not: then nothing at all
 * goes on, and this lets time pass, by the same small step each time, until something does.
 *
 * <p>Nothing goes on when every answer that hosts expect has come and all threads of tasks wait.
 * Both are looked at several times, because the machine may be busy.
 */
final class TimePump {
  private static final Duration STEP = Duration.ofMillis(250);

  /** By the machine's clock. */
  private static final long LOOK_MILLIS = 10;

  /** Looks in a row that must find that nothing goes on. */
  private static final int LOOKS = 100;

  /** By the time of the hosts: more than any scenario waits. */
  private static final int MAX_STEPS = 14_400;

  private final HostTime time;
  private final AtomicInteger holders = new AtomicInteger();

  TimePump(HostTime time) {
    this.time = time;
  }

  /** Does something that takes the machine's time, and none of the stepped one. */
  void hold(Runnable deed) {
    holders.incrementAndGet();
    try {
      deed.run();
    } finally {
      holders.decrementAndGet();
    }
  }

  /** Returns when the task has ended, however. */
  void await(CompletableFuture<?> task) {
    if (!(time instanceof SteppedTime stepped)) {
      join(task);
      return;
    }
    int steps = 0;
    int idle = 0;
    while (!isDoneSoon(task)) {
      stepped.advance(Duration.ZERO); // waits for the answers that are due
      idle = holders.get() == 0 && areTasksWaiting() ? idle + 1 : 0;
      if (idle >= LOOKS && !task.isDone()) {
        stepped.advance(STEP);
        idle = 0;
        if (++steps > MAX_STEPS) {
          throw new IllegalStateException("a task has not ended after an hour of its host's time");
        }
      }
    }
  }

  private static void join(CompletableFuture<?> task) {
    var unused = task.handle((value, failure) -> true).join();
  }

  private static boolean isDoneSoon(CompletableFuture<?> task) {
    try {
      var unused = task.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException e) {
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Whether each thread that runs tasks of hosts waits for something. */
  private static boolean areTasksWaiting() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().contains("-task-"))
        .map(Thread::getState)
        .allMatch(state -> state == Thread.State.WAITING || state == Thread.State.TIMED_WAITING);
  }
}
