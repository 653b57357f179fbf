/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * The thread that takes deleted trees apart, a few nodes in each hold of a lock. It starts with the
 * first store, so that no delete has to wait until a thread is made. It sleeps when there is no
 * work.
 */
final class Reclaimer {
  /** How long reclaim pauses when the operating system's disk is behind. */
  private static final long PAUSE_NANOS = 5_000_000;

  private final List<BlockStore> stores;
  private volatile boolean work;
  private volatile boolean closed;
  private volatile Thread thread;

  Reclaimer(List<BlockStore> stores) {
    this.stores = stores;
  }

  void wake() {
    if (work) {
      return;
    }
    work = true;
    LockSupport.unpark(thread);
  }

  /** Ends the thread and waits for it. Call it without a volume's lock. */
  void close() {
    Thread runner;
    synchronized (this) {
      closed = true;
      runner = thread;
    }
    if (runner == null) {
      return;
    }
    LockSupport.unpark(runner);
    boolean interrupted = false;
    while (runner.isAlive()) {
      try {
        runner.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Starts the thread, before there can be any work. */
  synchronized void start() {
    if (thread == null && !closed) {
      thread = new Thread(this::run, "facsim-reclaimer");
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    boolean more = false;
    while (!closed) {
      // Waiting for a volume's lock may have used up the unpark, so check both flags before
      // parking.
      if (!more && !work) {
        LockSupport.park(this);
        continue;
      }
      work = false;
      more = false;
      boolean paused = false;
      for (BlockStore store : stores) {
        if (store.pausesReclaim()) {
          paused = true;
        } else {
          more |= store.reclaimStep();
        }
      }
      if (paused && !more) {
        LockSupport.parkNanos(this, PAUSE_NANOS);
        more = true;
      }
    }
  }
}
