/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.facsim.embedded.FacsimArray;

/**
 * What NFS calls lose to somebody who reads all statistics ten times a second: the processor time
 * per call beside such a reader, whose own is counted in, and without one, in turns of a tenth of a
 * second. The tenth best of a hundred turns stands for each, because the machine had something else
 * to do in the worse ones.
 */
final class StatisticsCost {
  /** Calls that the batch makes. */
  static final int BATCH = 1000;

  private static final int TURNS = 150;
  private static final int READS = 1000;
  private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final FacsimArray array;
  private final Runnable batch;
  private volatile boolean isRead;
  private volatile boolean isOver;

  /**
   * @param batch makes {@value #BATCH} calls
   */
  StatisticsCost(FacsimArray array, Runnable batch) {
    this.array = array;
    this.batch = batch;
  }

  void measure(Goals goals) throws InterruptedException {
    Thread reader = new Thread(this::readNowAndThen, "statistics reader");
    reader.start();
    double[] alone = new double[TURNS];
    double[] beside = new double[TURNS];
    nanosPerCall(true); // warms up
    for (int turn = 0; turn < TURNS; turn++) {
      alone[turn] = nanosPerCall(false);
      beside[turn] = nanosPerCall(true);
    }
    isOver = true;
    reader.join();
    double lost = undisturbed(beside) / undisturbed(alone) - 1;
    goals.note("processor time per NFS call, both ends", Goals.duration(undisturbed(alone)));
    goals.note("to read all statistics once", Goals.duration(nanosPerRead()));
    goals.add(
        "NFS throughput lost to statistics",
        "< 3 %",
        Goals.text("%.1f %%", 100 * lost),
        lost < .03);
  }

  private static double undisturbed(double[] turns) {
    Arrays.sort(turns);
    return turns[TURNS / 10];
  }

  private double nanosPerCall(boolean withReader) {
    isRead = withReader;
    long calls = 0;
    long endNanos = System.nanoTime() + TURN_NANOS;
    long before = ProcessorTime.nanos();
    while (System.nanoTime() - endNanos < 0) {
      batch.run();
      calls += BATCH;
    }
    return (double) (ProcessorTime.nanos() - before) / calls;
  }

  private void readNowAndThen() {
    while (!isOver) {
      if (isRead) {
        read();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private int read() {
    return array.statistics().read().size() + array.offload().statistics().read().size();
  }

  private double nanosPerRead() {
    long before = ProcessorTime.nanos();
    for (int i = 0; i < READS; i++) {
      read();
    }
    return (double) (ProcessorTime.nanos() - before) / READS;
  }
}
