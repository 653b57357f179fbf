/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;

/**
 * Notices a heap that is so full that the garbage collector runs all the time. The JVM then neither
 * answers nor fails, and the serial collector, unlike the parallel one, never gives up. The watch
 * looks each second. It ends the process if the heap is still full after collections, there were
 * several of them, and they took nearly all of the last {@value #WINDOW_SECONDS} seconds.
 *
 * <p>This should never happen, because everything that clients can make grow is bounded.
 */
final class CollectorWatch {
  static final int WINDOW_SECONDS = 10;

  private static final double FULL = 0.97;
  private static final double COLLECTING = 0.98;
  private static final int SEVERAL = 3;

  /**
   * What one look saw.
   *
   * @param atMillis the time of the look
   * @param collectedMillis the time spent in collections so far
   * @param collections the number of collections so far
   * @param usedBytes bytes of the heap in use
   * @param maxBytes the largest size of the heap
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
   * @param end is called with the reason when the process must end
   */
  CollectorWatch(Consumer<String> end) {
    this.end = end;
  }

  /** Looks each second, on a daemon thread. */
  static void start(LastLine lastLine) {
    CollectorWatch watch = new CollectorWatch(lastLine::end);
    Thread thread =
        new Thread(
            () -> {
              while (true) {
                try {
                  Thread.sleep(1000); // a command that ends sooner needs no look
                } catch (InterruptedException e) {
                  return;
                }
                watch.look(Look.now());
              }
            },
            "facsim-collector-watch");
    thread.setDaemon(true);
    thread.start();
  }

  /** Takes one look, and drops the oldest one of the window. */
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
