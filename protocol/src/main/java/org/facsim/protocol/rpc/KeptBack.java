/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The calls and answers of one connection, or of one socket of datagrams, that a {@link CallTap}
 * has kept back: until a time has passed, until something opens, or behind later answers.
 *
 * <p>Bounded by {@value #MAX_ITEMS} items and {@value #MAX_BYTES} bytes, and by what all
 * connections of the server together may keep. At a bound, {@link #hasRoom} is false: a connection
 * begins no further call until something of it has gone on. What is kept of one call may exceed the
 * bound.
 *
 * <p>Every item goes on, or is dropped when the connection ends; either happens once, and gives
 * back what the item holds. Not thread-safe: everything happens on the connection's loop.
 */
final class KeptBack {
  static final int MAX_ITEMS = 1024;
  static final long MAX_BYTES = 16L << 20;

  /** Of all connections of a server together. */
  static final int MAX_TOTAL_ITEMS = 16384;

  /** Of all connections of a server together. */
  static final long MAX_TOTAL_BYTES = 64L << 20;

  private final InFlight all;
  private final Set<Item> items = new LinkedHashSet<>();
  private final List<Item> behind = new ArrayList<>();
  private EventExecutor loop;
  private long bytes;

  /**
   * @param all counts what all connections keep
   */
  KeptBack(InFlight all) {
    this.all = all;
  }

  void begin(EventExecutor newLoop) {
    loop = newLoop;
  }

  /** Something that is kept back. */
  abstract static class Item {
    private final int bytes;
    private Future<?> timer;
    private Runnable leaveGate;
    private int answersBefore;
    private Object line;

    /**
     * @param bytes that the item holds
     */
    Item(int bytes) {
      this.bytes = bytes;
    }

    /** Goes on, on the loop. */
    abstract void goOn();

    /** Is dropped, because the connection has ended; on the loop. */
    abstract void drop();

    private void waitNoLonger() {
      if (timer != null) {
        timer.cancel(false);
      }
      if (leaveGate != null) {
        leaveGate.run();
      }
    }
  }

  boolean isEmpty() {
    return items.isEmpty();
  }

  /** How many items are kept. */
  int count() {
    return items.size();
  }

  /** Whether one more may be kept. */
  boolean hasRoom() {
    int count = items.size();
    return count == 0 || (count < MAX_ITEMS && bytes < MAX_BYTES && all.admits(count, bytes));
  }

  /** Keeps something for a time. */
  void keepFor(Item item, long nanos) {
    add(item);
    schedule(item, nanos);
  }

  /**
   * Keeps something until the tapped call says that it goes on.
   *
   * @param tapped whose {@link TappedCall#whenOpen} is asked
   */
  void keepUntilOpen(Item item, TappedCall tapped) {
    add(item);
    item.leaveGate =
        tapped.whenOpen(
            () -> {
              try {
                loop.execute(() -> goOn(item));
              } catch (RejectedExecutionException e) {
                // the loop has ended, and everything of it was dropped
              }
            });
  }

  /**
   * Keeps an answer until others have left, or for a time.
   *
   * @param line in which the answers are counted; null for a connection
   */
  void keepBehind(Item item, Object line, int answers, long nanos) {
    add(item);
    item.answersBefore = answers;
    item.line = line;
    behind.add(item);
    schedule(item, nanos);
  }

  private void add(Item item) {
    items.add(item);
    bytes += item.bytes;
    all.take(1, item.bytes);
  }

  private void schedule(Item item, long nanos) {
    item.timer = loop.schedule(() -> goOn(item), nanos, TimeUnit.NANOSECONDS);
  }

  private void goOn(Item item) {
    if (remove(item)) {
      item.goOn();
    }
  }

  private boolean remove(Item item) {
    if (!items.remove(item)) {
      return false;
    }
    if (item.answersBefore > 0) {
      behind.remove(item);
    }
    item.waitNoLonger();
    bytes -= item.bytes;
    all.giveBack(1, item.bytes);
    return true;
  }

  /** Whether an answer waits for others to leave. */
  boolean hasBehind() {
    return !behind.isEmpty();
  }

  /** An answer has left; those that were waiting for it, and for no more, leave now. */
  void answerLeft(Object line) {
    List<Item> due = new ArrayList<>();
    for (Item item : behind) {
      boolean isInLine = line == null || line.equals(item.line);
      if (isInLine && --item.answersBefore == 0) {
        due.add(item);
      }
    }
    behind.removeAll(due);
    due.forEach(this::goOn);
  }

  /** The connection has ended: drops everything. */
  void close() {
    for (Item item : List.copyOf(items)) {
      if (remove(item)) {
        item.drop();
      }
    }
  }
}
