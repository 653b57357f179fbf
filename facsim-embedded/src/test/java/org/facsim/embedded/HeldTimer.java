/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.facsim.services.state.Later;

/** Time that passes when the test says so. */
final class HeldTimer implements Later {
  private record Due(Duration delay, Runnable task) {}

  private final BlockingQueue<Due> waiting = new LinkedBlockingQueue<>();

  @Override
  public void after(Duration delay, Runnable task) {
    waiting.add(new Due(delay, task));
  }

  /** Waits until something waits, lets its time pass, and returns how long that was. */
  Duration pass() throws InterruptedException {
    Due due = waiting.poll(30, TimeUnit.SECONDS);
    if (due == null) {
      throw new AssertionError("nothing waits");
    }
    due.task().run();
    return due.delay();
  }

  /** Waits until something waits. */
  void awaitWaiting() throws InterruptedException {
    Due due = waiting.poll(30, TimeUnit.SECONDS);
    if (due == null) {
      throw new AssertionError("nothing waits");
    }
    waiting.add(due);
  }
}
