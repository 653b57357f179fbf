/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;

/**
 * Notices a heap that is so full that the collector runs back to back: the JVM then neither answers
 * nor fails, and the serial collector, unlike the parallel one, never gives up. Looked at each
 * second: the heap is full after what was collected, and nearly all of the last {@value
 * #WINDOW_SECONDS} seconds went into collections, of which there were several.
 *
 * <p>It should never come to this, because everything that clients can make grow is bounded.
 */
final class CollectorWatch {
  static final int WINDOW_SECONDS = 10;

  private static final double FULL = 0.97;
  private static final double COLLECTING = 0.98;
  private static final int SEVERAL = 3;

  /**
   * One look.
   *
   * @param atMillis when
   * @param collectedMillis spent in collections so far
   * @param collections so far
   * @param usedBytes of the heap
   * @param maxBytes of the heap
   */
  record Look(
      long atMillis, long collectedMillis, long collections, long usedBytes, long maxBytes) {
    static Look now() {
      long millis = 0;
      long count = 0;
      for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
        millis += Math.max(0, collector.getCollectionTime());
        count += Math.max(0, collector.getCollectionCount());
      }
      Runtime runtime = Runtime.getRuntime();
      return new Look(
          System.nanoTime() / 1_000_000,
          millis,
          count,
          runtime.totalMemory() - runtime.freeMemory(),
          runtime.maxMemory());
    }

    private boolean isFull() {
      return usedBytes >= FULL * maxBytes;
    }
  }

  private final Consumer<String> end;
  private final Look[] looks = new Look[WINDOW_SECONDS];
  private int next;

  /**
   * @param end told the reason, once the process has to end
   */
  CollectorWatch(Consumer<String> end) {
    this.end = end;
  }

  /** Looks each second, on a thread of its own that keeps nothing alive. */
  static void start(LastLine lastLine) {
    CollectorWatch watch = new CollectorWatch(lastLine::end);
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                watch.look(Look.now());
                try {
                  Thread.sleep(1000);
                } catch (InterruptedException e) {
                  return;
                }
              }
            },
            "facsim-collector-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** One look; the oldest of the window is dropped. */
  void look(Look now) {
    Look first = looks[next];
    looks[next] = now;
    next = (next + 1) % looks.length;
    if (first == null || !now.isFull() || !first.isFull()) {
      return;
    }
    long passedMillis = now.atMillis - first.atMillis;
    long collectedMillis = now.collectedMillis - first.collectedMillis;
    if (now.collections - first.collections >= SEVERAL
        && collectedMillis >= COLLECTING * passedMillis) {
      end.accept(
          "a full heap: %d of the last %d ms went into collections; raise -Xmx"
              .formatted(collectedMillis, passedMillis));
    }
  }
}
