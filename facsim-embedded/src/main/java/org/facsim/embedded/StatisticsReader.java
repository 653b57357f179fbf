/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.util.List;
import org.facsim.protocol.rpc.CallCounts;
import org.facsim.protocol.rpc.CallStatistics;
import org.facsim.protocol.rpc.LatencyHistogram;
import org.facsim.services.control.CallFigures;

/** Turns what the transport counts into the figures that an administrator reads. */
final class StatisticsReader {
  private static final double MEDIAN = 0.5;
  private static final double P99 = 0.99;

  private StatisticsReader() {}

  /** What clients have called so far. */
  static List<CallFigures> figures(CallStatistics statistics) {
    return statistics.read().stream().map(StatisticsReader::figures).toList();
  }

  private static CallFigures figures(CallCounts counts) {
    LatencyHistogram latency = counts.latency();
    return new CallFigures(
        counts.client(),
        Integer.toUnsignedLong(counts.program()),
        Integer.toUnsignedLong(counts.version()),
        counts.procedure(),
        RpcProcedures.name(counts.program(), counts.version(), counts.procedure()),
        counts.calls(),
        counts.refused(),
        counts.lost(),
        counts.errorsByStatus(),
        counts.callBytes(),
        counts.replyBytes(),
        new CallFigures.Latency(
            latency.count(),
            latency.sumNanos(),
            latency.quantileNanos(MEDIAN),
            latency.quantileNanos(P99),
            latency.maxNanos()));
  }
}
