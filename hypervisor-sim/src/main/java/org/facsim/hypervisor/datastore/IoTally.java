/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.atomic.LongAdder;

/** Counts answered READs and WRITEs. Thread-safe. */
final class IoTally {
  private final LongAdder readCalls = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder writeCalls = new LongAdder();
  private final LongAdder writeBytes = new LongAdder();

  void countRead(long bytes) {
    readCalls.increment();
    readBytes.add(bytes);
  }

  void countWrite(long bytes) {
    writeCalls.increment();
    writeBytes.add(bytes);
  }

  IoCounters snapshot() {
    return new IoCounters(readCalls.sum(), readBytes.sum(), writeCalls.sum(), writeBytes.sum());
  }
}
