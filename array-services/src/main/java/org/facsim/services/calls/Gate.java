/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What calls, or whole connections, wait for until somebody opens it. Closed when it is made, and
 * open for ever once it was opened. Thread-safe.
 */
public final class Gate {
  /** In the order in which they came; null once the gate is open. Guarded by this. */
  private Map<Waiting, Runnable> waiting = new LinkedHashMap<>();

  /** Something that waits. */
  public final class Waiting implements AutoCloseable {
    private Waiting() {}

    /** Waits no longer: the task is not run if the gate did not begin to open before. */
    @Override
    public void close() {
      synchronized (Gate.this) {
        if (waiting != null) {
          waiting.remove(this);
        }
      }
    }
  }

  /** Whether the gate was opened. */
  public synchronized boolean isOpen() {
    return waiting == null;
  }

  /** How many tasks wait now. */
  public synchronized int waitingCount() {
    return waiting == null ? 0 : waiting.size();
  }

  /** Lets everything that waits go on, in its order. Opening again does nothing. */
  public void open() {
    List<Runnable> tasks;
    synchronized (this) {
      if (waiting == null) {
        return;
      }
      tasks = new ArrayList<>(waiting.values());
      waiting = null;
    }
    tasks.forEach(Runnable::run);
  }

  /**
   * Runs a task when the gate opens, on the thread that opens it; at once if it is open. The task
   * must neither wait nor throw.
   */
  public Waiting whenOpen(Runnable task) {
    Waiting waits = new Waiting();
    synchronized (this) {
      if (waiting != null) {
        waiting.put(waits, task);
        return waits;
      }
    }
    task.run();
    return waits;
  }
}
