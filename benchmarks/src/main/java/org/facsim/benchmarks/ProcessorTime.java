/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * Processor time of this process's Java threads, without the compiler's and the collector's. On a
 * machine that others use, too, it tells what work costs where the clock on the wall tells who was
 * in the way.
 */
final class ProcessorTime {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private ProcessorTime() {}

  /** Of all threads that are alive; whoever compares two of these lets none end in between. */
  static long nanos() {
    long sum = 0;
    for (long id : THREADS.getAllThreadIds()) {
      sum += Math.max(0, THREADS.getThreadCpuTime(id));
    }
    return sum;
  }
}
