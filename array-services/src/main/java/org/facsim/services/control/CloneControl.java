/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.services.offload.JobState;

/**
 * Clones that an administrator has the array make, as tasks with progress. One runs at a time, on a
 * thread that is there only meanwhile; {@value #MAX_WAITING} may wait. The last {@value #MAX_KNOWN}
 * are known. Thread-safe.
 */
public final class CloneControl {
  static final int MAX_WAITING = 64;
  static final int MAX_KNOWN = 256;
  private static final long IDLE_SECONDS = 2;

  private final FileControl files;
  private final Visits visits;
  private final ArrayEvents events;
  private final InstantSource clock;
  private final ThreadPoolExecutor executor =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(MAX_WAITING),
          CloneControl::thread);

  // Guarded by this.
  private final Deque<CloneTask> tasks = new ArrayDeque<>();
  private long lastId;

  CloneControl(FileControl files, Visits visits, ArrayEvents events, InstantSource clock) {
    this.files = files;
    this.visits = visits;
    this.events = events;
    this.clock = clock;
    executor.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable work) {
    Thread thread = new Thread(work, "facsim-clones");
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Begins a clone.
   *
   * @throws ArrayException NOT_FOUND (the source), EXISTS (the destination), INVALID_ARGUMENT (the
   *     destination is below the source), BUSY ({@value #MAX_WAITING} wait already)
   */
  public ConsoleClone start(CloneRequest request) {
    Inode source = files.find(request.sourceVolume(), request.sourcePath());
    if (request.sourcePath().isEmpty() || request.path().isEmpty()) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "the root of a volume can neither be cloned nor made");
    }
    boolean isInside =
        source.volume().id() == request.volume().id()
            && (request.path() + "/").startsWith(request.sourcePath() + "/");
    if (isInside) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "the destination lies in the source, or is the source");
    }
    requireMissing(request);
    CloneTask task;
    synchronized (this) {
      task =
          new CloneTask(
              new CloneProgress(++lastId, request, clock, (status, from) -> tell(status, from)),
              files,
              visits);
      try {
        executor.execute(task::run);
      } catch (RejectedExecutionException full) {
        throw new ArrayException(
            ArrayError.BUSY,
            executor.isShutdown() ? "the array goes" : MAX_WAITING + " clones wait already");
      }
      tasks.add(task);
      forgetOldest();
    }
    return task.status();
  }

  private void requireMissing(CloneRequest request) {
    try {
      files.find(request.volume(), request.path());
    } catch (ArrayException e) {
      if (e.error() == ArrayError.NOT_FOUND) {
        return;
      }
      throw e;
    }
    throw new ArrayException(
        ArrayError.EXISTS,
        "'" + request.path() + "' is in volume '" + request.volume().name() + "' already");
  }

  private void tell(ConsoleClone status, JobState from) {
    events.add(
        new ArrayChange.ConsoleCloneChanged(
            status.volume(),
            status.id(),
            status.sourceVolume() + "/" + status.sourcePath(),
            status.path(),
            from,
            status.state(),
            status.reason(),
            status.totalBytes()));
  }

  private void forgetOldest() {
    if (tasks.size() > MAX_KNOWN) {
      tasks.stream().filter(task -> task.status().hasEnded()).findFirst().ifPresent(tasks::remove);
    }
  }

  /** The clones that are known, in the order in which they were asked for. */
  public synchronized List<ConsoleClone> all() {
    List<ConsoleClone> all = new ArrayList<>();
    tasks.forEach(task -> all.add(task.status()));
    return all;
  }

  private synchronized Optional<CloneTask> task(long id) {
    return tasks.stream().filter(task -> task.status().id() == id).findFirst();
  }

  /** One of them. */
  public Optional<ConsoleClone> find(long id) {
    return task(id).map(CloneTask::status);
  }

  /**
   * Cancels a clone if it has not ended. One that copies ends with its next step, and what was made
   * of it is removed.
   *
   * @return the clone; empty if there is none
   */
  public Optional<ConsoleClone> cancel(long id) {
    Optional<CloneTask> task = task(id);
    task.ifPresent(each -> each.progress().cancel());
    return task.map(CloneTask::status);
  }

  /** The array goes: what is under way is lost, and nothing begins any more. */
  void stop(String why) {
    List<CloneTask> all;
    synchronized (this) {
      executor.shutdown();
      all = List.copyOf(tasks);
    }
    all.forEach(task -> task.progress().lose(why));
  }
}
