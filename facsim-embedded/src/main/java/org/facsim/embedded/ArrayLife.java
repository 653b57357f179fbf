/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.facsim.array.ArrayException;
import org.facsim.array.engine.ArrayPower;
import org.facsim.array.engine.ArrayPower.Moment;
import org.facsim.nfs.nlm.LockManager;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.SidebandException;
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
  private static final int CLOSE_TIMEOUT_SECONDS = 60;

  /** So many times, in pauses of {@value #BIND_PAUSE_MILLIS} ms, an address may still be taken. */
  private static final int BIND_ATTEMPTS = 100;

  private static final long BIND_PAUSE_MILLIS = 100;

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
  private final ScheduledThreadPoolExecutor thread;
  private final Later timer;
  private final SplittableRandom random;
  private final List<Runnable> whenBack = new CopyOnWriteArrayList<>();

  /** The last one; while the array is away its doors are closed. */
  private volatile ArrayRun run;

  // Guarded by this.
  private State state = State.HERE;
  private PowerFailure planned;
  private boolean isExpected;

  // Of the thread.
  private ArrayPorts ports;
  private PortKeeper keeper;
  private LockManager.Earlier earlierLocks;

  ArrayLife(ArrayAssembly assembly, ArrayRun first, ArrayBuilder given) {
    this.assembly = assembly;
    this.given = given;
    run = first;
    control = first.control();
    sessions.relayTo(first.httpSessions());
    random = new SplittableRandom(given.seed);
    thread = new ScheduledThreadPoolExecutor(1, ArrayLife::thread);
    thread.setKeepAliveTime(1, TimeUnit.SECONDS);
    thread.allowCoreThreadTimeOut(true);
    thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer = given.absenceTimer == null ? this::afterDelay : given.absenceTimer;
  }

  private static Thread thread(Runnable work) {
    Thread made = new Thread(work, "facsim-life");
    made.setDaemon(true);
    return made;
  }

  private void afterDelay(Duration delay, Runnable task) {
    var unused = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
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
            quietly(run::hangUp);
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
      quietly(now::hangUp);
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
    Future<Void> done;
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
                return null;
              });
    }
    await(done);
  }

  private static void await(Future<Void> done) throws IOException {
    boolean interrupted = false;
    while (true) {
      try {
        done.get();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // half a restart is no state to leave it in
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IOException failed) {
          throw failed;
        }
        if (e.getCause() instanceof RuntimeException failed) {
          throw failed;
        }
        throw new IllegalStateException(e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
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
      quietly(run::hangUp);
    }
    leave();
    if (deed == Deed.POWER_FAILURE) {
      quietly(run.stored()::close);
    }
    comeBackAfter(away);
  }

  /** Closes the doors and keeps their ports. */
  private void leave() {
    ports = run.ports();
    earlierLocks = run.sideband().locks().leave();
    quietly(run::closeDoors);
    keeper = ports.keep(assembly.listen());
    if (!control.visits().awaitLeft(VISITS_TIMEOUT)) {
      LOG.warn("requests are still in the array after {}", VISITS_TIMEOUT);
    }
  }

  private static void quietly(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.warn("a part of the array did not close cleanly: {}", e.toString());
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
      keeper.close();
      ArrayRun next = openDoors(stored);
      open = true;
      arrive(next);
    } finally {
      if (!open) {
        keeper = ports.keep(assembly.listen());
        if (reopens) {
          quietly(stored::close);
        }
      }
    }
  }

  private ArrayRun openDoors(ArrayRun.Stored stored) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return assembly.openDoors(stored, ports, earlierLocks);
      } catch (IOException | UncheckedIOException e) {
        if (attempt == BIND_ATTEMPTS || !isTaken(e) || isClosed()) {
          throw e;
        }
        LOG.debug("an address is still taken", e);
        pause();
      }
    }
  }

  private static boolean isTaken(Throwable failure) {
    return failure instanceof BindException
        || failure instanceof SidebandException
        || (failure.getCause() != null && isTaken(failure.getCause()));
  }

  private static void pause() {
    try {
      Thread.sleep(BIND_PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
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
    whenBack.forEach(ArrayLife::quietly);
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
    thread.shutdown();
    awaitThread();
    if (keeper != null) {
      keeper.close();
    }
    ArrayRun last = run;
    Closing.inOrder(
        last.sideband()::close,
        last.server()::close,
        last.offload()::close,
        () -> {
          if (given.jobScheduler != null) {
            given.jobScheduler.close();
          }
        },
        last.stored()::close);
  }

  private void awaitThread() {
    boolean interrupted = false;
    while (true) {
      try {
        if (!thread.awaitTermination(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
          LOG.warn("the array is still on its way after {} s", CLOSE_TIMEOUT_SECONDS);
        }
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
