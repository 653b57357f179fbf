/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import org.facsim.protocol.rpc.LatencyHistogram;
import org.facsim.protocol.rpc.LatencyRecorder;
import org.facsim.services.offload.LatencyMeter;
import org.facsim.services.offload.OffloadStatistics;

/** Measures offloads with the same histograms as RPC calls. */
public final class RecordedLatency implements LatencyMeter {
  private final LatencyRecorder recorder = new LatencyRecorder();

  @Override
  public void record(long nanos) {
    recorder.record(nanos);
  }

  @Override
  public OffloadStatistics.Latency read() {
    LatencyHistogram histogram = recorder.read();
    return new OffloadStatistics.Latency(
        histogram.count(),
        histogram.quantileNanos(0.5),
        histogram.quantileNanos(0.99),
        histogram.maxNanos());
  }
}
