/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.benchmarks;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;

/**
 * Host memory in use by this JVM after a collection.
 *
 * @param heap bytes of live objects
 * @param direct bytes of direct buffers, used or not
 */
record HostBytes(long heap, long direct) {
  static HostBytes now() {
    System.gc();
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
