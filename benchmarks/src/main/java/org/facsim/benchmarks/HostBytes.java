/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.locks.LockSupport;

/**
 * Host memory in use by this JVM after a collection.
 *
 * @param heap bytes of live objects
 * @param direct bytes of direct buffers, used or not
 */
record HostBytes(long heap, long direct) {
  private static final long CLEANING_NANOS = 200_000_000;

  static HostBytes now() {
    System.gc();
    LockSupport.parkNanos(CLEANING_NANOS); // what the collector found goes back meanwhile
    System.gc();
    long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    long direct =
        ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct"))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum();
    return new HostBytes(heap, direct);
  }

  HostBytes since(HostBytes before) {
    return new HostBytes(heap - before.heap, direct - before.direct);
  }

  long total() {
    return heap + direct;
  }
}
