/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.lang.Thread.State;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs actors one at a time, in an order that a chooser decides at every {@link #point}: what
 * chance finds once is found again, and small cases are tried in every order.
 *
 * <p>Actors are real threads that pass a baton. One that waits for a lock which a paused actor
 * holds is left aside until it has the lock; then it goes on by itself to its next point. That is
 * the one thing that a replay cannot repeat exactly, because the locks are the program's own.
 *
 * <p>A failure names the choices, which {@link #replay} takes.
 */
public final class Interleaving {
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long LOOK_NANOS = 20_000;

  /** So often in a row an actor is seen waiting before it counts as waiting for a lock. */
  private static final int LOOKS = 3;

  /** What an actor does. */
  public interface Body {
    void run() throws Exception;
  }

  /** Decides who goes on. */
  public interface Chooser {
    /** A number from 0 to {@code options} - 1. */
    int choose(int options);
  }

  private enum Phase {
    PAUSED,
    CALLED,
    RUNNING,
    DONE
  }

  private final class Actor implements Runnable {
    final String name;
    final Body body;
    final Thread thread;
    volatile Phase phase = Phase.RUNNING;
    volatile String at = "start";
    volatile Throwable failure;

    Actor(String name, Body body) {
      this.name = name;
      this.body = body;
      thread = new Thread(this, "actor-" + name);
      thread.setDaemon(true);
    }

    @Override
    public void run() {
      CURRENT.set(this);
      try {
        point("start");
        body.run();
      } catch (Throwable e) {
        failure = e;
      } finally {
        phase = Phase.DONE;
        LockSupport.unpark(conductor);
      }
    }

    boolean waitsForALock() {
      State state = thread.getState();
      return phase == Phase.RUNNING && state != State.RUNNABLE && state != State.TERMINATED;
    }
  }

  private static final ThreadLocal<Actor> CURRENT = new ThreadLocal<>();

  private final List<Actor> actors = new ArrayList<>();
  private final List<String> trace = new ArrayList<>();
  private final List<Integer> choices = new ArrayList<>();
  private volatile Thread conductor;
  private volatile boolean free;

  /** Actors choose in the order in which they are added. */
  public void actor(String name, Body body) {
    actors.add(new Actor(name, body));
  }

  /** How many actors there are. */
  public int size() {
    return actors.size();
  }

  /** Somebody else may go on here; nothing happens to a thread that is no actor. */
  public void point(String where) {
    Actor me = CURRENT.get();
    if (me == null || free || !actors.contains(me)) {
      return;
    }
    me.at = where;
    me.phase = Phase.PAUSED;
    LockSupport.unpark(conductor);
    while (me.phase != Phase.CALLED && !free) {
      LockSupport.park(this);
    }
    me.phase = Phase.RUNNING;
  }

  /**
   * Runs all actors to their ends.
   *
   * @param name of the run, for the message
   * @throws AssertionError if one fails, or all wait for each other
   */
  public void run(String name, Chooser chooser) {
    conductor = Thread.currentThread();
    actors.forEach(actor -> actor.thread.start());
    try {
      while (true) {
        List<Actor> ready = awaitReady();
        if (ready.isEmpty()) {
          return;
        }
        int choice = ready.size() == 1 ? 0 : chooser.choose(ready.size());
        if (ready.size() > 1) {
          choices.add(choice);
        }
        Actor next = ready.get(choice);
        trace.add(next.name + " from " + next.at);
        next.phase = Phase.CALLED;
        LockSupport.unpark(next.thread);
      }
    } catch (IllegalStateException e) {
      throw failure(name, e);
    } finally {
      free = true;
      actors.forEach(actor -> LockSupport.unpark(actor.thread));
      join();
    }
  }

  /** Who may go on, once nobody runs; empty if all are done. */
  private List<Actor> awaitReady() {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    int looks = 0;
    while (looks < LOOKS) {
      boolean running = false;
      boolean waiting = false;
      for (Actor actor : actors) {
        if (actor.failure != null) {
          throw new IllegalStateException(actor.name + " failed", actor.failure);
        }
        waiting |= actor.waitsForALock();
        running |=
            actor.phase == Phase.CALLED || (actor.phase == Phase.RUNNING && !actor.waitsForALock());
      }
      List<Actor> ready = actors.stream().filter(actor -> actor.phase == Phase.PAUSED).toList();
      boolean allDone = actors.stream().allMatch(actor -> actor.phase == Phase.DONE);
      if (!running && !waiting && (allDone || !ready.isEmpty())) {
        return ready;
      }
      looks = running || ready.isEmpty() ? 0 : looks + 1;
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("all wait for each other: " + places());
      }
      LockSupport.parkNanos(this, LOOK_NANOS);
    }
    return actors.stream().filter(actor -> actor.phase == Phase.PAUSED).toList();
  }

  private List<String> places() {
    return actors.stream()
        .map(
            actor ->
                "%s %s, last at %s, %s"
                    .formatted(
                        actor.name,
                        actor.phase,
                        actor.at,
                        Arrays.toString(actor.thread.getStackTrace())))
        .toList();
  }

  private AssertionError failure(String name, IllegalStateException e) {
    return new AssertionError(
        "%s: %s%nchoices %s%n%s"
            .formatted(name, e.getMessage(), choices, String.join(System.lineSeparator(), trace)),
        e.getCause() == null ? e : e.getCause());
  }

  private void join() {
    for (Actor actor : actors) {
      try {
        actor.thread.join(TimeUnit.NANOSECONDS.toMillis(PATIENCE_NANOS));
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  // ---------------------------------------------------------------- choosers

  /** Chance, the same for the same seed. */
  public static Chooser random(long seed) {
    return new SplittableRandom(seed)::nextInt;
  }

  /** The choices that a failure named; the first actor once they are used up. */
  public static Chooser replay(int... choices) {
    int[] next = {0};
    return options -> next[0] < choices.length ? Math.min(choices[next[0]++], options - 1) : 0;
  }

  /** All orders, one after the other. */
  public static final class Every implements Chooser {
    private final List<int[]> path = new ArrayList<>();
    private int depth;

    @Override
    public int choose(int options) {
      if (depth == path.size()) {
        path.add(new int[] {0, options});
      }
      return Math.min(path.get(depth++)[0], options - 1);
    }

    /** Prepares the next order; false if there is none. */
    public boolean next() {
      while (path.size() > depth) {
        path.remove(path.size() - 1);
      }
      depth = 0;
      while (!path.isEmpty()) {
        int[] last = path.get(path.size() - 1);
        if (++last[0] < last[1]) {
          return true;
        }
        path.remove(path.size() - 1);
      }
      return false;
    }
  }
}
