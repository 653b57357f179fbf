/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;

/**
 * READ and WRITE calls that were answered, and how long they took: figures of one moment, or of the
 * time between two.
 *
 * @param counters calls and bytes
 * @param readNanos sum over all READs, by the host's time
 * @param writeNanos sum over all WRITEs, by the host's time
 */
public record IoSample(IoCounters counters, long readNanos, long writeNanos) {
  public static final IoSample ZERO = new IoSample(IoCounters.ZERO, 0, 0);

  public IoSample plus(IoSample other) {
    return new IoSample(
        counters.plus(other.counters), readNanos + other.readNanos, writeNanos + other.writeNanos);
  }

  /** What happened since {@code earlier}. */
  public IoSample since(IoSample earlier) {
    return new IoSample(
        counters.since(earlier.counters),
        readNanos - earlier.readNanos,
        writeNanos - earlier.writeNanos);
  }

  /** The mean time of a READ; zero if there was none. */
  public Duration readLatency() {
    return mean(readNanos, counters.readCalls());
  }

  /** The mean time of a WRITE; zero if there was none. */
  public Duration writeLatency() {
    return mean(writeNanos, counters.writeCalls());
  }

  private static Duration mean(long nanos, long calls) {
    return calls == 0 ? Duration.ZERO : Duration.ofNanos(nanos / calls);
  }
}
