/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * The time after a restart in which only what clients held before may be taken, and only by clients
 * that held something, so that no client gets what another one held: RFC 8881 section 8.4.2. There
 * is one for all doors of an array, because they share one table of locks.
 *
 * <p>It has not begun until a door names clients that may reclaim. It ends when its time is over,
 * or as soon as every one of them has said that it reclaimed everything; NLM clients never say so.
 * While somebody reclaims, it goes on a little beyond its time, and at most for twice its time: a
 * client that holds much, or noticed the restart late, does not lose half of it. Without such
 * clients there is no grace period. Thread-safe.
 */
public final class Grace {
  /** How long the next reclaim of a client may take to come. */
  private static final Duration NEXT = Duration.ofSeconds(5);

  private final LongSupplier nanoClock;
  private final long lengthNanos;
  private final Set<Object> waitedFor = new HashSet<>();
  private final Set<Object> entitled = new HashSet<>();
  private final List<Runnable> atEnd = new ArrayList<>();
  private volatile boolean running;
  private volatile long endNanos;

  /** When it ends even if somebody still reclaims. */
  private long lastEndNanos;

  /**
   * @param nanoClock as {@link System#nanoTime}
   */
  public Grace(Duration length, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    lengthNanos = length.toNanos();
  }

  /**
   * Begins the grace period, or begins its time again.
   *
   * @param claimants the clients of one door that held something before the restart, compared by
   *     value; with none, nothing happens
   */
  public void begin(Collection<?> claimants) {
    begin(claimants, Duration.ZERO);
  }

  /**
   * Like {@link #begin(Collection)}, for clients that need some time.
   *
   * @param atLeast how long it lasts even if its usual length is shorter: a client with a lease
   *     that is idle notices a restart only when it renews
   */
  public synchronized void begin(Collection<?> claimants, Duration atLeast) {
    if (!claimants.isEmpty()) {
      boolean wasRunning = isRunning(); // what an earlier grace period knew is over with it
      entitled.addAll(claimants);
      waitedFor.addAll(claimants);
      long length = Math.max(lengthNanos, atLeast.toNanos());
      long end = nanoClock.getAsLong() + length;
      long lastEnd = end + length;
      endNanos = wasRunning && endNanos - end > 0 ? endNanos : end;
      lastEndNanos = wasRunning && lastEndNanos - lastEnd > 0 ? lastEndNanos : lastEnd;
      running = true;
    }
  }

  /** Runs a task once when the grace period ends, on the thread that notices it. */
  public void whenOver(Runnable task) {
    synchronized (this) {
      if (running) {
        atEnd.add(task);
        return;
      }
    }
    task.run();
  }

  /** Whether only reclaims are served now. Reads two fields while no grace period is under way. */
  public boolean isRunning() {
    if (running && nanoClock.getAsLong() - endNanos >= 0) {
      end();
    }
    return running;
  }

  private void end() {
    List<Runnable> tasks;
    synchronized (this) {
      if (!running) {
        return;
      }
      running = false;
      entitled.clear();
      waitedFor.clear();
      tasks = List.copyOf(atEnd);
      atEnd.clear();
    }
    tasks.forEach(Runnable::run);
  }

  /** Whether a client held something before the restart and may take it again now. */
  public boolean mayReclaim(Object claimant) {
    return isRunning() && isEntitled(claimant);
  }

  private synchronized boolean isEntitled(Object claimant) {
    return entitled.contains(claimant);
  }

  /** A client that may do so reclaims something, so it will perhaps reclaim more. */
  public synchronized void goesOn() {
    long end = nanoClock.getAsLong() + NEXT.toNanos();
    if (running && end - endNanos > 0) {
      endNanos = lastEndNanos - end > 0 ? end : lastEndNanos;
    }
  }

  /** A client has reclaimed all that it wanted, and reclaims nothing more. */
  public void finished(Object claimant) {
    boolean over;
    synchronized (this) {
      entitled.remove(claimant);
      waitedFor.remove(claimant);
      over = running && waitedFor.isEmpty();
    }
    if (over) {
      end();
    }
  }

  /** What is left of the grace period; zero if none is under way. */
  public Duration left() {
    return isRunning()
        ? Duration.ofNanos(Math.max(0, endNanos - nanoClock.getAsLong()))
        : Duration.ZERO;
  }
}
