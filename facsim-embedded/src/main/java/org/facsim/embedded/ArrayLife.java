/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import org.facsim.array.ArrayException;
import org.facsim.array.engine.ArrayPower;
import org.facsim.array.engine.ArrayPower.Moment;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.faults.ArrayFaults;
import org.facsim.services.offload.session.SessionCalls;
import org.facsim.services.state.Later;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs of an array, one after another: it can go away and come back in place, with the same
 * addresses and the same contents.
 *
 * <h2>Away and back</h2>
 *
 * <ol>
 *   <li>From now on the control answers BUSY, and no other deed is begun.
 *   <li>The doors close: connections are reset, new ones refused. Clone jobs are lost and give back
 *       what they built. Requests of the management door that are in the array come out.
 *   <li>After a power failure the array is abandoned; before a restart, a durable one is closed.
 *   <li>The ports are kept, so that nobody else takes them.
 *   <li>When the time has passed, a durable array that was abandoned or closed is opened again; any
 *       other one begins another run. It has a new write verifier.
 *   <li>The doors open where they were. Hosts that locked are notified, and reclaim in the grace
 *       period.
 * </ol>
 *
 * All of it happens on one thread, which exists only meanwhile. A power failure at a commit group
 * makes the doors silent in the thread that commits, before anything fails, so that no client hears
 * of it.
 *
 * <p>If the array cannot come back, for example because its disk is full, the log says why, and it
 * tries again each second until it is closed.
 */
final class ArrayLife implements ArrayFaults, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ArrayLife.class);
  private static final Duration VISITS_TIMEOUT = Duration.ofSeconds(30);
  private static final Duration RETRY = Duration.ofSeconds(1);

  private enum State {
    HERE,
    AWAY,
    CLOSED
  }

  private enum Deed {
    TAKEOVER("a controller takes over"),
    POWER_FAILURE("its power failed"),
    RESTART("it restarts");

    final String words;

    Deed(String words) {
      this.words = words;
    }
  }

  private final ArrayAssembly assembly;
  private final ArrayBuilder given;
  private final ArrayControl control;
  private final RelayedSessions sessions = new RelayedSessions();
  private final AbsenceThread thread = new AbsenceThread();
  private final Later timer;
  private final SplittableRandom random;
  private final List<Runnable> whenBack = new CopyOnWriteArrayList<>();

  /** The last one; while the array is away its doors are closed. */
  private volatile ArrayRun run;

  // Guarded by this.
  private State state = State.HERE;
  private PowerFailure planned;
  private boolean isExpected;

  /** Of the thread; null before the first deed. */
  private ClosedDoors doors;

  ArrayLife(ArrayAssembly assembly, ArrayRun first, ArrayBuilder given) {
    this.assembly = assembly;
    this.given = given;
    run = first;
    control = first.control();
    sessions.relayTo(first.httpSessions());
    random = new SplittableRandom(given.seed());
    timer = given.absenceTimer == null ? thread::after : given.absenceTimer;
  }

  /** The run that the array is in, or was in before it went away. */
  ArrayRun run() {
    return run;
  }

  /** The control of the array, through all runs. */
  ArrayControl control() {
    return control;
  }

  /** The sessions of the management door, through all runs. */
  SessionCalls httpSessions() {
    return sessions;
  }

  // ---------------------------------------------------------------- deeds

  @Override
  public boolean takeover(Duration away) {
    ArrayFaults.requireAway(away);
    return begin(Deed.TAKEOVER, () -> leaveFor(Deed.TAKEOVER, away));
  }

  @Override
  public boolean canLosePower() {
    return run.stored().power().isPresent();
  }

  @Override
  public boolean powerFailure(PowerFailure failure) {
    if (!canLosePower()) {
      throw new IllegalStateException(
          "an array in memory has nothing to come back to after a power failure: start it with a"
              + " data directory (--data-dir)");
    }
    if (failure.atGroup() == 0) {
      return begin(
          Deed.POWER_FAILURE,
          () -> {
            Closing.quietly(run::hangUp);
            run.stored().power().orElseThrow().fail();
            leaveFor(Deed.POWER_FAILURE, failure.away());
          });
    }
    synchronized (this) {
      if (state != State.HERE) {
        return false;
      }
      plan(failure);
      return true;
    }
  }

  /** Once, with the moment chosen. */
  synchronized void failPowerAtGroup(long group, Moment moment) {
    if (state != State.HERE) {
      throw new IllegalStateException("the array is away or closed");
    }
    plan(PowerFailure.atGroup(group, Duration.ZERO), moment);
  }

  private void plan(PowerFailure failure) {
    List<Moment> moments = List.of(Moment.values());
    plan(failure, moments.get(random.nextInt(moments.size())));
  }

  private void plan(PowerFailure failure, Moment moment) {
    planned = failure;
    run.stored()
        .power()
        .orElseThrow()
        .failAtGroup(failure.atGroup(), moment, () -> fallSilent(failure.away()));
  }

  /** In the thread that commits, just before the power fails: nobody may hear the outcome. */
  private void fallSilent(Duration away) {
    ArrayRun now = run;
    synchronized (this) {
      if (planned != null && !planned.isRepeated()) {
        planned = null;
      }
    }
    if (begin(Deed.POWER_FAILURE, () -> leaveFor(Deed.POWER_FAILURE, away))) {
      Closing.quietly(now::hangUp);
    }
  }

  @Override
  public void cancelPowerFailures() {
    synchronized (this) {
      planned = null;
    }
    run.stored().power().ifPresent(ArrayPower::cancel);
  }

  @Override
  public void expectPowerFailures(boolean expected) {
    boolean watches;
    synchronized (this) {
      isExpected = expected;
      watches = expected || planned != null;
    }
    run.stored().power().ifPresent(watches ? ArrayPower::watch : ArrayPower::unwatch);
  }

  /**
   * Stops in order and starts again in place.
   *
   * @throws IllegalStateException if the array is away or closed
   * @throws IOException if an address is taken; then the array stays away
   * @throws ArrayException if it cannot be closed or opened; likewise
   */
  void restart() throws IOException {
    AbsenceThread.Task done;
    synchronized (this) {
      if (state != State.HERE) {
        throw new IllegalStateException("the array is away or closed: it cannot restart");
      }
      goAway(Deed.RESTART);
      done =
          thread.submit(
              () -> {
                leave();
                if (canLosePower()) {
                  run.stored().close();
                }
                comeBack();
              });
    }
    done.await();
  }

  // ---------------------------------------------------------------- away

  /** Begins a deed on the thread, unless the array is away or closed. */
  private boolean begin(Deed deed, Runnable work) {
    synchronized (this) {
      if (state != State.HERE) {
        return false;
      }
      goAway(deed);
      thread.execute(work);
      return true;
    }
  }

  private void goAway(Deed deed) {
    state = State.AWAY;
    LOG.warn("the array goes away: {}", deed.words);
    control.leave(deed.words);
    sessions.relayTo(null);
    assembly.hide();
    run.stored().power().ifPresent(ArrayPower::cancel);
  }

  private void leaveFor(Deed deed, Duration away) {
    if (deed == Deed.TAKEOVER) {
      Closing.quietly(run::hangUp);
    }
    leave();
    if (deed == Deed.POWER_FAILURE) {
      Closing.quietly(run.stored()::close);
    }
    comeBackAfter(away);
  }

  /** Closes the doors and keeps their ports. */
  private void leave() {
    doors = ClosedDoors.of(run, assembly);
    if (!control.visits().awaitLeft(VISITS_TIMEOUT)) {
      LOG.warn("requests are still in the array after {}", VISITS_TIMEOUT);
    }
  }

  private void comeBackAfter(Duration delay) {
    try {
      timer.after(delay, () -> begunAgain());
    } catch (RejectedExecutionException e) {
      LOG.debug("the array was closed while it was away", e);
    }
  }

  private void begunAgain() {
    try {
      thread.execute(
          () -> {
            try {
              comeBack();
            } catch (IOException | RuntimeException e) {
              LOG.error("the array cannot come back yet: {}", e.toString());
              comeBackAfter(RETRY);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("the array was closed while it was away", e);
    }
  }

  // ---------------------------------------------------------------- back

  private void comeBack() throws IOException {
    ArrayRun.Stored stored = run.stored();
    boolean reopens = stored.isGone();
    if (reopens) {
      stored = assembly.reopen(stored);
    } else {
      stored.storage().beginRun();
    }
    boolean open = false;
    try {
      ArrayRun next = doors.open(stored, this::isClosed);
      open = true;
      arrive(next);
    } finally {
      if (!open && reopens) {
        Closing.quietly(stored::close);
      }
    }
  }

  private synchronized boolean isClosed() {
    return state == State.CLOSED;
  }

  private void arrive(ArrayRun next) {
    synchronized (this) {
      run = next;
      if (state == State.CLOSED) {
        return; // whoever closes it waits for this thread, and then closes this run
      }
      control.comeBack(next.control());
      sessions.relayTo(next.httpSessions());
      state = State.HERE;
      LOG.info("the array is back");
      if (isExpected) {
        next.stored().power().ifPresent(ArrayPower::watch);
      }
      if (planned != null) { // repeated, or it waited for its group when something else came
        plan(planned);
      }
    }
    whenBack.forEach(Closing::quietly);
  }

  private void awaitVisits() {
    control.stop();
    if (!control.visits().awaitLeft(VISITS_TIMEOUT)) {
      LOG.warn("work is still in the array after {}", VISITS_TIMEOUT);
    }
  }

  @Override
  public synchronized boolean isAway() {
    return state == State.AWAY;
  }

  @Override
  public void whenBack(Runnable task) {
    whenBack.add(task);
  }

  /**
   * Ends it: a deed under way is waited for, an array that is away does not come back. Doors and
   * store are closed even if some of it fails.
   */
  @Override
  public void close() {
    synchronized (this) {
      state = State.CLOSED;
    }
    run.stored().power().ifPresent(ArrayPower::cancel);
    thread.end();
    if (doors != null) {
      doors.close();
    }
    ArrayRun last = run;
    Closing.inOrder(
        this::awaitVisits,
        last.sideband()::close,
        last.server()::close,
        last.offload()::close,
        () -> {
          if (given.jobScheduler != null) {
            given.jobScheduler.close();
          }
        },
        last.stored()::close,
        assembly::closeSecurity);
  }
}
