/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.concurrent.atomic.LongAdder;

/** Counts answered READs and WRITEs, and how long they took. Thread-safe. */
final class IoTally {
  private final LongAdder readCalls = new LongAdder();
  private final LongAdder readBytes = new LongAdder();
  private final LongAdder writeCalls = new LongAdder();
  private final LongAdder writeBytes = new LongAdder();
  private final LongAdder readNanos = new LongAdder();
  private final LongAdder writeNanos = new LongAdder();

  void countRead(long bytes, long nanos) {
    readCalls.increment();
    readBytes.add(bytes);
    readNanos.add(nanos);
  }

  void countWrite(long bytes, long nanos) {
    writeCalls.increment();
    writeBytes.add(bytes);
    writeNanos.add(nanos);
  }

  IoSample sample() {
    return new IoSample(snapshot(), readNanos.sum(), writeNanos.sum());
  }

  IoCounters snapshot() {
    return new IoCounters(readCalls.sum(), readBytes.sum(), writeCalls.sum(), writeBytes.sum());
  }
}
