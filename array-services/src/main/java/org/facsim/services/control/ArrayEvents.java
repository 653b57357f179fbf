/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The last changes of an array, in order. They are bounded in number and in bytes of heap; the
 * oldest are dropped first. They are kept in memory only, because the array itself is durable.
 *
 * <p>Sequence numbers count up by one within a run. A run of a durable array begins at {@value
 * #RUN_SPAN} times its number ({@link org.facsim.array.StorageArray#starts}), so a reader that
 * continues after a restart from a number of an earlier run is told that events are missing. In the
 * first 90,000 starts, all numbers stay below 2^53, which JSON can hold.
 *
 * <p>Adding takes little time and never waits for a subscriber. Each subscriber reads on an
 * executor of its own, and is told that it missed events if it is too slow. Thread-safe.
 */
public final class ArrayEvents {
  /** The most events that are kept. */
  public static final int MAX_EVENTS = 4096;

  /** The most subscriptions. */
  public static final int MAX_SUBSCRIPTIONS = 256;

  /**
   * How many numbers each run of a durable array has: enough for three years at 1000 events a
   * second.
   */
  static final long RUN_SPAN = 100_000_000_000L;

  /** The most bytes of heap that the kept events take. */
  private static final long MAX_BYTES = 4 << 20;

  /** The most events that a subscriber gets in one call. */
  private static final int BATCH = 256;

  private static final Logger LOG = LoggerFactory.getLogger(ArrayEvents.class);

  private final InstantSource clock;
  private final ArrayEvent[] ring;

  /** The bytes that each event of the ring takes, so that dropping an event does not read it. */
  private final int[] weights;

  private final long maxBytes;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  // Guarded by this.
  private long first;
  private long next;
  private long heldBytes;

  /**
   * Makes an empty list of events.
   *
   * @param starts the number of this run of a durable array; 0 for an array in memory
   */
  public ArrayEvents(InstantSource clock, long starts) {
    this(clock, starts, MAX_EVENTS, MAX_BYTES);
  }

  ArrayEvents(InstantSource clock, long starts, int maxEvents, long maxBytes) {
    this.clock = Objects.requireNonNull(clock);
    this.ring = new ArrayEvent[maxEvents];
    this.weights = new int[maxEvents];
    this.maxBytes = maxBytes;
    this.next = starts * RUN_SPAN + 1;
    this.first = next;
  }

  /** Adds a change that has just taken effect. */
  public void add(ArrayChange change) {
    synchronized (this) {
      ArrayEvent event = new ArrayEvent(next, clock.instant(), change);
      if (next - first == ring.length) {
        forgetFirst();
      }
      int at = place(next);
      ring[at] = event;
      weights[at] = change.weightBytes();
      heldBytes += weights[at];
      next++;
      while (heldBytes > maxBytes && next - first > 1) {
        forgetFirst();
      }
    }
    subscriptions.forEach(Subscription::wake);
  }

  private void forgetFirst() {
    int at = place(first);
    heldBytes -= weights[at];
    ring[at] = null;
    first++;
  }

  private int place(long sequence) {
    return (int) (sequence % ring.length);
  }

  /** The number of the last event; if there is none yet, one less than that of the first. */
  public synchronized long lastSequence() {
    return next - 1;
  }

  /**
   * The events that followed an event.
   *
   * @param sequence the event's number; 0 for all events that are kept
   * @param most the most events to return, 1 or more
   */
  public synchronized EventPage after(long sequence, int most) {
    boolean isComplete = sequence >= first - 1 && sequence < next;
    long from = isComplete ? sequence + 1 : first;
    List<ArrayEvent> events = new ArrayList<>();
    for (long each = from; each < next && events.size() < most; each++) {
      events.add(ring[place(each)]);
    }
    return new EventPage(events, isComplete, next - 1);
  }

  /**
   * Gives a subscriber the events that followed an event, and then each event soon after it
   * happened.
   *
   * @param after the event's number; {@link #lastSequence} to begin now
   * @param executor runs the subscriber; must not run tasks within {@code execute} and must not
   *     block there. If it rejects a task, the subscription ends
   * @return the subscription, which the caller must close
   * @throws IllegalStateException if there are {@value #MAX_SUBSCRIPTIONS} already
   */
  public Subscription subscribe(long after, Executor executor, EventSubscriber subscriber) {
    Subscription subscription = new Subscription(after, executor, subscriber);
    synchronized (subscriptions) {
      if (subscriptions.size() >= MAX_SUBSCRIPTIONS) {
        throw new IllegalStateException("at most " + MAX_SUBSCRIPTIONS + " subscriptions");
      }
      subscriptions.add(subscription);
    }
    subscription.wake();
    return subscription;
  }

  /** A subscriber, and the last event that it got. */
  public final class Subscription implements AutoCloseable {
    private final Executor executor;
    private final EventSubscriber subscriber;
    private final AtomicBoolean isAwake = new AtomicBoolean();

    /** The number of the last event that it got; written by the only task that is under way. */
    private volatile long heard;

    private volatile boolean isClosed;

    private Subscription(long after, Executor executor, EventSubscriber subscriber) {
      this.heard = after;
      this.executor = Objects.requireNonNull(executor);
      this.subscriber = Objects.requireNonNull(subscriber);
    }

    private void wake() {
      if (!isClosed && isAwake.compareAndSet(false, true)) {
        try {
          executor.execute(this::deliver);
        } catch (RejectedExecutionException e) {
          LOG.debug("a subscriber's executor takes no more tasks", e);
          close();
        }
      }
    }

    private void deliver() {
      try {
        EventPage page = after(heard, BATCH);
        if (!isClosed) {
          deliver(page);
        }
      } catch (RuntimeException defect) {
        LOG.error("a subscriber of events failed, and hears no more", defect);
        close();
      } finally {
        isAwake.set(false);
      }
      if (heard != lastSequence()) {
        wake(); // events that came meanwhile did not wake this again
      }
    }

    private void deliver(EventPage page) {
      if (!page.isComplete()) {
        heard = page.events().isEmpty() ? page.lastSequence() : sequenceBefore(page);
        subscriber.missed(heard + 1);
      }
      if (!page.events().isEmpty()) {
        heard = page.events().get(page.events().size() - 1).sequence();
        subscriber.heard(page.events());
      }
    }

    private static long sequenceBefore(EventPage page) {
      return page.events().get(0).sequence() - 1;
    }

    /** No call begins from now on; a call that is under way ends. Closing again does nothing. */
    @Override
    public void close() {
      isClosed = true;
      subscriptions.remove(this);
    }
  }
}
