/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.activity;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.guest.GuestIo;
import org.facsim.hypervisor.guest.GuestWorkload;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.hypervisor.vm.GuestIoResult;
import org.facsim.hypervisor.vm.VirtualMachine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the workloads of guests. One timer waits for the guest that is due next, however many there
 * are. The guests of one datastore do their I/O one after the other, in the order in which they
 * became due, on a thread that the datastore has while something is due: so the same seeds give the
 * same calls, and a datastore that is silent holds up no guest of another one. The workers of the
 * hosts' time are not used for that: a guest's I/O to a silent datastore lasts until the datastore
 * is mounted anew, which these workers do. A guest that is held up, for example because its paths
 * are down or its disks are being consolidated, leaves out what it missed.
 *
 * <p>A guest does nothing while its VM is off, and goes on with its workload when it is on. An I/O
 * that fails is counted, and the guest goes on: the reason is at hand.
 *
 * <p>Thread-safe.
 */
public final class GuestActivity implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(GuestActivity.class);

  private static final long KEEP_ALIVE_SECONDS = 10;

  private final HostTime time;
  private final ExecutorService threads;

  // All guarded by the monitor of this object.
  private final Map<VirtualMachine, Guest> guests = new HashMap<>();
  private final PriorityQueue<Guest> byDue = new PriorityQueue<>();
  private final Map<Datastore, Lane> lanes = new HashMap<>();
  private HostTime.Timer timer;
  private long timerNanos;
  private long lastNumber;
  private boolean isClosed;
  private GuestIoResult done = GuestIoResult.NOTHING;
  private long failures;
  private String lastFailure;
  private boolean isHeld;
  private int working;

  /** Guests that go by this time. */
  public GuestActivity(HostTime time) {
    this.time = time;
    AtomicInteger count = new AtomicInteger();
    // A lane is run by one thread at a time, so there are never more of them than datastores.
    this.threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            KEEP_ALIVE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "guests-" + count.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
  }

  private static final class Guest implements Comparable<Guest> {
    final VirtualMachine vm;
    final GuestWorkload workload;
    final long startNanos;
    final long number;
    long dueNanos;
    volatile boolean isStopped;

    Guest(VirtualMachine vm, GuestWorkload workload, long startNanos, long number) {
      this.vm = vm;
      this.workload = workload;
      this.startNanos = startNanos;
      this.number = number;
      this.dueNanos = startNanos + workload.nextDueNanos();
    }

    @Override
    public int compareTo(Guest other) {
      // Differences, because nanoTime may overflow.
      int byDue = Long.signum(dueNanos - other.dueNanos);
      return byDue != 0 ? byDue : Long.compare(number, other.number);
    }
  }

  /** The guests of a datastore that are due. */
  private static final class Lane {
    final Queue<Guest> waiting = new ArrayDeque<>();
    boolean isRunning;
  }

  /**
   * Lets a guest work from now on, with this workload instead of an earlier one.
   *
   * @throws IllegalStateException if this was closed
   */
  public synchronized void start(VirtualMachine vm, GuestWorkload workload) {
    if (isClosed) {
      throw new IllegalStateException("closed");
    }
    stop(vm);
    Guest guest = new Guest(vm, workload, time.nanoTime(), ++lastNumber);
    guests.put(vm, guest);
    byDue.add(guest);
    await();
  }

  /** Lets a guest work no more, for example because its VM is deleted. I/O under way ends. */
  public synchronized void stop(VirtualMachine vm) {
    Guest guest = guests.remove(vm);
    if (guest != null) {
      guest.isStopped = true;
      byDue.remove(guest);
    }
  }

  /** The VMs whose guests work. */
  public synchronized Set<VirtualMachine> machines() {
    return Set.copyOf(guests.keySet());
  }

  /**
   * Holds all guests; returns when none of them has I/O under way.
   *
   * @param patience by the machine's clock
   * @return whether that was reached in time; if not, nobody is held
   */
  public synchronized boolean hold(Duration patience) {
    isHeld = true;
    long endNanos = System.nanoTime() + patience.toNanos();
    try {
      while (working > 0) {
        long millis = (endNanos - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
          goOn();
          return false;
        }
        wait(millis);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      goOn();
      return false;
    }
  }

  /** Lets all guests go on. */
  public synchronized void goOn() {
    isHeld = false;
    lanes.values().stream().filter(lane -> !lane.waiting.isEmpty()).forEach(this::runIfIdle);
  }

  /** What all guests have done so far. */
  public synchronized GuestIoResult done() {
    return done;
  }

  /** How often a guest's I/O failed. */
  public synchronized long failures() {
    return failures;
  }

  /** Why the last I/O failed that did. */
  public synchronized Optional<String> lastFailure() {
    return Optional.ofNullable(lastFailure);
  }

  /** Sets the timer to the next guest. Needs the monitor. */
  private void await() {
    Guest next = byDue.peek();
    if (next == null || (timer != null && timerNanos - next.dueNanos <= 0)) {
      return;
    }
    if (timer != null) {
      timer.cancel();
    }
    timerNanos = next.dueNanos;
    timer =
        time.after(
            Duration.ofNanos(Math.max(0, next.dueNanos - time.nanoTime())), this::passOnWhatIsDue);
  }

  private synchronized void passOnWhatIsDue() {
    timer = null;
    if (isClosed) {
      return;
    }
    long now = time.nanoTime();
    Set<Lane> toRun = new LinkedHashSet<>();
    while (!byDue.isEmpty() && byDue.peek().dueNanos - now <= 0) {
      Guest guest = byDue.remove();
      Lane lane = lanes.computeIfAbsent(guest.vm.datastore(), key -> new Lane());
      lane.waiting.add(guest);
      toRun.add(lane);
    }
    if (!isHeld) {
      toRun.forEach(this::runIfIdle);
    }
    await();
  }

  /** Needs the monitor. */
  private void runIfIdle(Lane lane) {
    if (!lane.isRunning) {
      lane.isRunning = true;
      run(lane);
    }
  }

  private void run(Lane lane) {
    CompletableFuture<Void> end = new CompletableFuture<>();
    var unused = time.expect(lane, end);
    threads.execute(
        () -> {
          try {
            for (Guest next = next(lane); next != null; next = next(lane)) {
              try {
                work(next);
              } finally {
                worked();
              }
            }
          } finally {
            end.complete(null);
          }
        });
  }

  private synchronized Guest next(Lane lane) {
    Guest next = isClosed || isHeld ? null : lane.waiting.poll();
    lane.isRunning = next != null;
    working += next == null ? 0 : 1;
    return next;
  }

  private synchronized void worked() {
    working--;
    notifyAll();
  }

  private void work(Guest guest) {
    GuestIoResult result = GuestIoResult.NOTHING;
    String failure = null;
    try {
      List<GuestIo> due = guest.workload.takeDue(time.nanoTime() - guest.startNanos);
      if (!due.isEmpty() && !guest.isStopped) {
        result = guest.vm.perform(due);
      }
    } catch (RuntimeException e) {
      failure = guest.vm.name() + ": " + e.getMessage();
      log.debug("I/O of the guest in {} failed", guest.vm.name(), e);
    }
    synchronized (this) {
      done = done.plus(result);
      if (failure != null) {
        failures++;
        lastFailure = failure;
      }
      if (!guest.isStopped && !isClosed) {
        guest.dueNanos = guest.startNanos + guest.workload.nextDueNanos();
        byDue.add(guest);
        await();
      }
    }
  }

  /** Lets all guests work no more. I/O under way ends. */
  @Override
  public synchronized void close() {
    isClosed = true;
    if (timer != null) {
      timer.cancel();
    }
    guests.clear();
    byDue.clear();
    threads.shutdown();
  }
}
