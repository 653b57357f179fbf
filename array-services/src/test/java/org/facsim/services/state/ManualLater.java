/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A clock that stands still until it is told to go on. */
final class ManualLater implements Later {
  private record Task(Duration at, Runnable what) {}

  private final List<Task> tasks = new ArrayList<>();
  private Duration now = Duration.ZERO;

  @Override
  public synchronized void after(Duration delay, Runnable task) {
    tasks.add(new Task(now.plus(delay), task));
  }

  /** Goes on, and runs what is due then, what those tasks add included. */
  void pass(Duration time) {
    synchronized (this) {
      now = now.plus(time);
    }
    for (Task next = nextDue(); next != null; next = nextDue()) {
      next.what.run();
    }
  }

  private synchronized Task nextDue() {
    for (Task task : tasks) {
      if (task.at.compareTo(now) <= 0) {
        tasks.remove(task);
        return task;
      }
    }
    return null;
  }
}
