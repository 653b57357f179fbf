/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

import java.time.Clock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The tasks of a host: those under way, and the latest {@value #MAX_ENDED} that have ended. At most
 * {@value #THREADS} run at once, as many as a real host provisions at once; at most {@value
 * #MAX_QUEUED} wait. A host without tasks has no threads. Thread-safe.
 */
public final class TaskList implements AutoCloseable {
  public static final int THREADS = 8;
  public static final int MAX_QUEUED = 1024;
  public static final int MAX_ENDED = 200;

  private static final int IDLE_SECONDS = 10;
  private static final int FAREWELL_SECONDS = 30;

  private final Clock clock;
  private final ThreadPoolExecutor executor;
  private final AtomicLong lastKey = new AtomicLong();

  /** In the order in which they were started; guarded by itself. */
  private final Map<String, Task<?>> taskByKey = new LinkedHashMap<>();

  /**
   * A list without tasks.
   *
   * @param hostName names the threads
   * @param clock stamps the tasks
   */
  public TaskList(String hostName, Clock clock) {
    this.clock = clock;
    AtomicLong lastThread = new AtomicLong();
    this.executor =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_QUEUED),
            runnable -> {
              Thread thread =
                  new Thread(
                      runnable, "%s-task-%d".formatted(hostName, lastThread.incrementAndGet()));
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts a task and returns at once. If the host has no place for it, the task has failed
   * already, with ResourceInUse.
   *
   * @param name VMware's name of the operation
   * @param entity the VM or disk that it is about
   */
  public <T> Task<T> start(String name, String entity, TaskBody<T> body) {
    return start(name, entity, body, () -> {});
  }

  /**
   * The same.
   *
   * @param onEnd runs once, before anybody can see that the task has ended; also if it never ran
   */
  public <T> Task<T> start(String name, String entity, TaskBody<T> body, Runnable onEnd) {
    Task<T> task = made(name, entity, onEnd);
    try {
      executor.execute(() -> task.run(body));
    } catch (RejectedExecutionException e) {
      task.fail(
          new MethodFaultException(
              FaultType.RESOURCE_IN_USE,
              executor.isShutdown()
                  ? "the host is closed"
                  : "%d tasks are waiting already".formatted(MAX_QUEUED),
              e));
    }
    return task;
  }

  /** A task that ended before it began, for example because another one uses the VM. */
  public <T> Task<T> refused(String name, String entity, MethodFaultException fault) {
    Task<T> task = made(name, entity, () -> {});
    task.fail(fault);
    return task;
  }

  private <T> Task<T> made(String name, String entity, Runnable onEnd) {
    Task<T> task = new Task<>("task-" + lastKey.incrementAndGet(), name, entity, clock, onEnd);
    synchronized (taskByKey) {
      forgetOldest();
      taskByKey.put(task.key(), task);
    }
    return task;
  }

  private void forgetOldest() {
    int ended = 0;
    for (Task<?> task : taskByKey.values()) {
      ended += task.state().isFinal() ? 1 : 0;
    }
    Iterator<Task<?>> oldestFirst = taskByKey.values().iterator();
    while (ended >= MAX_ENDED) {
      if (oldestFirst.next().state().isFinal()) {
        oldestFirst.remove();
        ended--;
      }
    }
  }

  /** All tasks that the list still has, oldest first. */
  public List<TaskInfo> list() {
    List<Task<?>> tasks;
    synchronized (taskByKey) {
      tasks = new ArrayList<>(taskByKey.values());
    }
    return tasks.stream().map(Task::info).toList();
  }

  /** A task by its key, such as {@code task-12}. */
  public Optional<Task<?>> find(String key) {
    synchronized (taskByKey) {
      return Optional.ofNullable(taskByKey.get(key));
    }
  }

  /** Cancels what is under way, waits for its end, and takes no task any more. */
  @Override
  public void close() {
    List<Task<?>> tasks;
    synchronized (taskByKey) {
      tasks = new ArrayList<>(taskByKey.values());
    }
    tasks.forEach(Task::cancel);
    executor.shutdown();
    try {
      if (!executor.awaitTermination(FAREWELL_SECONDS, TimeUnit.SECONDS)) {
        executor.shutdownNow();
      }
    } catch (InterruptedException e) {
      executor.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
