/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one chain of links that every call of every door of an array passes, in the order in which
 * they were installed.
 *
 * <p>All links hear of each point. The first verdict that is not to let pass decides; a link behind
 * it reads what was decided in the {@link CallRecord}. So a journal belongs behind the faults.
 *
 * <p>Without a link a call costs one read and one branch: no record is made. Links come and go
 * while calls run; a call under way keeps those that it arrived with. Thread-safe.
 */
public final class Calls {
  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  /** A link that fails does so for every call: one line in so long. */
  private static final long LOG_NANOS = 10_000_000_000L;

  private final LongSupplier nanoClock;
  private final DoorStatuses statuses;

  /** Replaced whole, under this; read by every call. */
  private volatile CallLinks links = CallLinks.NONE;

  /** The link behind all others; null if there is none. Guarded by this. */
  private CallInterceptor last;

  private final AtomicLong lastLoggedNanos;
  private final AtomicLong failures = new AtomicLong();

  /** With the clock of this JVM. */
  public Calls() {
    this(System::nanoTime);
  }

  /**
   * With the clock of this JVM.
   *
   * @param statuses what the doors can answer
   */
  public Calls(DoorStatuses statuses) {
    this(System::nanoTime, statuses);
  }

  /**
   * @param nanoClock for durations, and how often a failing link is logged
   */
  public Calls(LongSupplier nanoClock) {
    this(nanoClock, DoorStatuses.NONE);
  }

  private Calls(LongSupplier nanoClock, DoorStatuses statuses) {
    this.nanoClock = Objects.requireNonNull(nanoClock);
    this.statuses = Objects.requireNonNull(statuses);
    this.lastLoggedNanos = new AtomicLong(nanoClock.getAsLong() - LOG_NANOS);
  }

  /** A link that is installed. */
  public interface Installed extends AutoCloseable {
    /**
     * Takes the link out: calls that arrive from now on do not come to it. May be called twice, and
     * on any thread.
     */
    @Override
    void close();
  }

  /** Appends a link, for the calls that arrive from now on; only {@link #installLast} follows. */
  public synchronized Installed install(CallInterceptor link) {
    return insert(Objects.requireNonNull(link), links.all().size() - (last == null ? 0 : 1));
  }

  /**
   * Appends a link that stays the last one, whatever is installed later: it reads what all others
   * decided.
   *
   * @throws IllegalStateException if there is such a link
   */
  public synchronized Installed installLast(CallInterceptor link) {
    if (last != null) {
      throw new IllegalStateException(last + " is the last link");
    }
    last = Objects.requireNonNull(link);
    return insert(link, links.all().size());
  }

  private Installed insert(CallInterceptor link, int place) {
    List<CallInterceptor> longer = new ArrayList<>(links.all());
    longer.add(place, link);
    links = new CallLinks(longer);
    AtomicBoolean isIn = new AtomicBoolean(true);
    return () -> {
      if (isIn.compareAndSet(true, false)) {
        remove(link);
      }
    };
  }

  private synchronized void remove(CallInterceptor link) {
    if (link == last) {
      last = null;
    }
    List<CallInterceptor> shorter = new ArrayList<>(links.all());
    int at = 0;
    while (shorter.get(at) != link) {
      at++;
    }
    shorter.remove(at);
    links = shorter.isEmpty() ? CallLinks.NONE : new CallLinks(shorter);
  }

  /** Asks the links again {@linkplain CallInterceptor#ofProcedure which calls concern them}. */
  public synchronized void refresh() {
    if (!links.isEmpty()) {
      links = new CallLinks(links.all());
    }
  }

  /** The links as they are now. */
  public CallLinks links() {
    return links;
  }

  /** Whether there is any link: a door asks before it gathers what an {@link Arrival} needs. */
  public boolean isWatched() {
    return !links.isEmpty();
  }

  /** What each door can answer instead of performing a call, by name. */
  public DoorStatuses statuses() {
    return statuses;
  }

  /**
   * The transport point: a call has arrived.
   *
   * @return what the call carries from now on; its {@link CallRecord#arrivalVerdict} says what is
   *     to become of it
   */
  public CallRecord received(Arrival arrival) {
    return received(new ArrivedCall(arrival));
  }

  /** The same of a call whose door has a record of its own kind. */
  public <C extends CallRecord> C received(C call) {
    call.received(this, links.find(call.door(), call.procedureName()));
    return call;
  }

  /** The same of a call of which a door {@linkplain CallLinks#of knows} who hears of it. */
  public <C extends CallRecord> C received(C call, CallLinks.Listeners listeners) {
    call.received(this, listeners);
    return call;
  }

  long nanoTime() {
    return nanoClock.getAsLong();
  }

  void failed(CallInterceptor link, Throwable failure) {
    if (failure instanceof VirtualMachineError fatal) {
      throw fatal;
    }
    long failed = failures.incrementAndGet();
    long nowNanos = nanoClock.getAsLong();
    long lastNanos = lastLoggedNanos.get();
    if (nowNanos - lastNanos >= LOG_NANOS && lastLoggedNanos.compareAndSet(lastNanos, nowNanos)) {
      LOG.error(
          "{} failed, and the call went on without it; failures of links so far: {}",
          link.getClass().getName(),
          failed,
          failure);
    }
  }

  /** How often a link has thrown so far. */
  public long failureCount() {
    return failures.get();
  }
}
