/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What calls, or whole connections, wait for until somebody opens it. Closed when it is made, and
 * open for ever once it was opened. Thread-safe.
 */
public final class Gate {
  /** In the order in which they came. Guarded by this. */
  private final Map<Waiting, Runnable> waiting = new LinkedHashMap<>();

  private boolean isOpened;

  /** Whether what waited is still being let go; what comes meanwhile must not overtake it. */
  private boolean isLettingGo;

  /** Something that waits. */
  public final class Waiting implements AutoCloseable {
    private Waiting() {}

    /** Waits no longer: the task is not run if the gate did not begin to open before. */
    @Override
    public void close() {
      synchronized (Gate.this) {
        waiting.remove(this);
      }
    }
  }

  /** Whether the gate was opened. */
  public synchronized boolean isOpen() {
    return isOpened;
  }

  /** How many tasks wait now. */
  public synchronized int waitingCount() {
    return waiting.size();
  }

  /** Lets everything that waits go on, in its order. Opening again does nothing. */
  public void open() {
    synchronized (this) {
      if (isOpened) {
        return;
      }
      isOpened = true;
      isLettingGo = true;
    }
    Runnable task = next();
    while (task != null) {
      task.run();
      task = next();
    }
  }

  /**
   * Lets everything that waits now go on, in its order, and stays closed for what comes.
   *
   * @return how many tasks went on
   */
  public int letGo() {
    List<Runnable> now;
    synchronized (this) {
      now = List.copyOf(waiting.values());
      waiting.clear();
    }
    now.forEach(Runnable::run);
    return now.size();
  }

  /** The task that has waited longest; null if none waits any more. */
  private synchronized Runnable next() {
    Iterator<Runnable> tasks = waiting.values().iterator();
    if (!tasks.hasNext()) {
      isLettingGo = false;
      return null;
    }
    Runnable task = tasks.next();
    tasks.remove();
    return task;
  }

  /**
   * Runs a task when the gate opens, on the thread that opens it and behind all that came before;
   * at once if nothing has to be waited for. The task must neither wait nor throw.
   */
  public Waiting whenOpen(Runnable task) {
    Waiting waits = new Waiting();
    synchronized (this) {
      if (!isOpened || isLettingGo) {
        waiting.put(waits, task);
        return waits;
      }
    }
    task.run();
    return waits;
  }
}
