/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An operation under way on a host, or one that has ended. Thread-safe.
 *
 * @param <T> what it makes
 */
public final class Task<T> {
  private static final Logger log = LoggerFactory.getLogger(Task.class);
  private static final int ALMOST_DONE_PERCENT = 99;

  private final String key;
  private final String name;
  private final String entity;
  private final Clock clock;
  private final Instant queueTime;
  private final Runnable onEnd;
  private final CompletableFuture<T> result = new CompletableFuture<>();

  // Guarded by this.
  private TaskState state = TaskState.QUEUED;
  private int progressPercent;
  private Instant startTime;
  private Instant completeTime;
  private MethodFault fault;
  private boolean cancelable = true;
  private boolean cancelRequested;

  /**
   * A task that is queued.
   *
   * @param onEnd runs once, before anybody can see that the task has ended
   */
  Task(String key, String name, String entity, Clock clock, Runnable onEnd) {
    this.key = key;
    this.name = name;
    this.entity = entity;
    this.clock = clock;
    this.onEnd = onEnd;
    this.queueTime = clock.instant();
  }

  public String key() {
    return key;
  }

  public TaskState state() {
    return info().state();
  }

  /** The task as it is now. */
  public synchronized TaskInfo info() {
    return new TaskInfo(
        key,
        name,
        entity,
        state,
        progressPercent,
        queueTime,
        Optional.ofNullable(startTime),
        Optional.ofNullable(completeTime),
        Optional.ofNullable(fault),
        cancelable,
        cancelRequested);
  }

  /**
   * Asks the task to stop. It undoes what it did and ends with {@code RequestCanceled}; {@link
   * #await} tells when that is done.
   *
   * @return whether that can still have an effect; a task behind its point of no return goes on
   */
  public synchronized boolean cancel() {
    if (cancelable) {
      cancelRequested = true;
    }
    return cancelable;
  }

  /** Completes when the task has ended; exceptionally with a {@link MethodFaultException}. */
  public CompletableFuture<T> completion() {
    return result.copy();
  }

  /**
   * Waits for the end of the task.
   *
   * @throws MethodFaultException if it failed or was canceled
   */
  public T await() {
    return await(Duration.ofDays(1));
  }

  /**
   * Waits for the end of the task.
   *
   * @param atMost in the machine's time
   * @throws MethodFaultException if it failed or was canceled
   * @throws IllegalStateException if it has not ended by then; it goes on
   */
  public T await(Duration atMost) {
    try {
      return result.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      MethodFaultException failure = (MethodFaultException) e.getCause();
      throw new MethodFaultException(failure.type(), failure.getMessage(), failure);
    } catch (TimeoutException e) {
      throw new IllegalStateException("%s has not ended: %s".formatted(key, info()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + key, e);
    }
  }

  void run(TaskBody<T> body) {
    T made;
    try {
      start();
      made = body.run(new Context());
    } catch (RuntimeException | Error e) {
      if (!(e instanceof MethodFaultException)) {
        log.debug("{} {} of {} failed", key, name, entity, e);
      }
      fail(e);
      return;
    }
    succeed(made);
  }

  private synchronized void start() {
    if (cancelRequested) {
      throw canceled();
    }
    startTime = clock.instant();
    changeTo(TaskState.RUNNING);
  }

  private void succeed(T made) {
    onEnd.run();
    synchronized (this) {
      progressPercent = 100;
      end(TaskState.SUCCESS);
    }
    result.complete(made);
  }

  void fail(Throwable cause) {
    MethodFault why = MethodFault.of(cause);
    onEnd.run();
    synchronized (this) {
      fault = why;
      end(TaskState.ERROR);
    }
    result.completeExceptionally(new MethodFaultException(why.type(), why.message(), cause));
  }

  private void end(TaskState last) {
    completeTime = clock.instant();
    cancelable = false;
    changeTo(last);
  }

  private void changeTo(TaskState next) {
    if (state.isFinal()) {
      throw new IllegalStateException("%s is %s and cannot be %s".formatted(key, state, next));
    }
    log.debug("{} {} of {}: {} -> {}", key, name, entity, state, next);
    state = next;
  }

  private MethodFaultException canceled() {
    return new MethodFaultException(
        FaultType.REQUEST_CANCELED, "%s of %s was canceled".formatted(name, entity));
  }

  private final class Context implements TaskContext {
    @Override
    public void checkCanceled() {
      synchronized (Task.this) {
        if (cancelRequested && cancelable) {
          throw canceled();
        }
      }
    }

    @Override
    public void progressPercent(int percent) {
      synchronized (Task.this) {
        progressPercent =
            Math.max(progressPercent, Math.max(0, Math.min(ALMOST_DONE_PERCENT, percent)));
      }
    }

    @Override
    public void commit() {
      synchronized (Task.this) {
        checkCanceled();
        cancelable = false;
      }
    }
  }

  @Override
  public String toString() {
    return info().toString();
  }
}
