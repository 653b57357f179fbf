/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.time;

import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The machine's time. All hosts of the process share one thread for timers and a few for what may
 * block; these end when nothing has been to do for a while.
 */
final class SystemTime implements HostTime {
  static final HostTime OF_MACHINE = new SystemTime(Clock.systemUTC());

  private static final int MAX_WORKERS = 16;
  private static final long KEEP_ALIVE_SECONDS = 10;
  private static final Logger log = LoggerFactory.getLogger(SystemTime.class);

  private static final ScheduledThreadPoolExecutor TIMERS = timers();
  private static final Executor WORKERS = workerThreads("host-worker");

  private final Clock clock;

  SystemTime(Clock clock) {
    this.clock = clock;
  }

  private static ScheduledThreadPoolExecutor timers() {
    ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, daemons("host-time"));
    timers.setRemoveOnCancelPolicy(true);
    timers.setKeepAliveTime(KEEP_ALIVE_SECONDS, TimeUnit.SECONDS);
    timers.allowCoreThreadTimeOut(true);
    return timers;
  }

  /** At most {@value #MAX_WORKERS} threads, none while there is nothing to do. */
  static Executor workerThreads(String name) {
    ThreadPoolExecutor workers =
        new ThreadPoolExecutor(
            MAX_WORKERS,
            MAX_WORKERS,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemons(name));
    workers.allowCoreThreadTimeOut(true);
    return task -> workers.execute(reporting(task));
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /** A failure of one host's task must not end the timers of all. */
  private static Runnable reporting(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        log.error("a task of a host failed", e);
      }
    };
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public long nanoTime() {
    return System.nanoTime();
  }

  @Override
  public Timer after(Duration delay, Runnable task) {
    Future<?> timer = TIMERS.schedule(reporting(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    return () -> timer.cancel(false);
  }

  @Override
  public void sleep(Duration time) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(time.toNanos());
  }

  @Override
  public Executor workers() {
    return WORKERS;
  }

  @Override
  public <T> CompletableFuture<T> expect(Object path, CompletableFuture<T> answer) {
    return answer;
  }
}
