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
 * The last changes of an array, in order. Bounded by number and by what they take of the heap: the
 * oldest go first. They are kept in memory only, because they tell what changed, and the array is
 * what is durable.
 *
 * <p>Sequence numbers count up by one within a run. A run of a durable array begins at {@value
 * #RUN_SPAN} times its number ({@link org.facsim.array.StorageArray#starts}), so whoever continues
 * after a restart from a number of an earlier run is told that events are missing. All numbers stay
 * below 2^53, which JSON can hold, for the first 90,000 starts.
 *
 * <p>Adding is short and never waits for a subscriber: each subscriber reads from here on an
 * executor of its own, and learns that it missed something if it is too slow. Thread-safe.
 */
public final class ArrayEvents {
  /** Events remembered at most. */
  public static final int MAX_EVENTS = 4096;

  /** Subscriptions at most. */
  public static final int MAX_SUBSCRIPTIONS = 256;

  /** Numbers that a run of a durable array has for itself: at 1000 a second for three years. */
  static final long RUN_SPAN = 100_000_000_000L;

  /** What the events that are remembered take of the heap, at most. */
  private static final long MAX_BYTES = 4 << 20;

  /** Events that a subscriber is handed in one call, at most. */
  private static final int BATCH = 256;

  private static final Logger LOG = LoggerFactory.getLogger(ArrayEvents.class);

  private final InstantSource clock;
  private final ArrayEvent[] ring;

  /** What each of the ring takes, so that forgetting an event does not touch it. */
  private final int[] weights;

  private final long maxBytes;
  private final List<Subscription> subscriptions = new CopyOnWriteArrayList<>();

  // Guarded by this.
  private long first;
  private long next;
  private long heldBytes;

  /**
   * None so far.
   *
   * @param starts of the array: which run of a durable one this is, 0 in memory
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

  /** Enters a change that holds now. */
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

  /** The number of the last event; of the one before the first if there is none so far. */
  public synchronized long lastSequence() {
    return next - 1;
  }

  /**
   * What followed an event.
   *
   * @param sequence the event's number; 0 for all that are remembered
   * @param most events at most, at least 1
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
   * Hands a subscriber what followed an event, and then each event soon after it happened.
   *
   * @param after the event's number; {@link #lastSequence} to begin now
   * @param executor where it is called; must not run tasks within {@code execute}, nor block there.
   *     One that refuses a task ends the subscription
   * @return to be closed
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

  /** A subscriber and how far it has come. */
  public final class Subscription implements AutoCloseable {
    private final Executor executor;
    private final EventSubscriber subscriber;
    private final AtomicBoolean isAwake = new AtomicBoolean();

    /** Number of the last event; written by the one task that is under way. */
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
        wake(); // what came meanwhile found this awake
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

    /** No call begins from here on; one that is under way ends. May be called twice. */
    @Override
    public void close() {
      isClosed = true;
      subscriptions.remove(this);
    }
  }
}
