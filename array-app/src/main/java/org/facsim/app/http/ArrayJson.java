/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.NamedState;
import org.facsim.array.SpaceLedger;
import org.facsim.array.Volume;
import org.facsim.array.VolumeSpace;
import org.facsim.protocol.rpc.CallCounts;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.offload.OffloadStatistics;

/** The array's own figures and settings as JSON. Sizes are in bytes, durations in nanoseconds. */
final class ArrayJson {
  private ArrayJson() {}

  /**
   * A volume.
   *
   * @param availableBytes {@link SpaceLedger#availableBytes}: what {@code space} has free, or less
   */
  record VolumeJson(
      String name, String exportPath, String profile, VolumeSpace space, long availableBytes) {
    static VolumeJson of(Volume volume, ArrayProfile profile) {
      return new VolumeJson(
          volume.name(),
          "/" + volume.name(),
          profile.name(),
          volume.space().ofVolume(),
          volume.space().availableBytes());
    }
  }

  record ProfileJson(String name, String description, Map<String, Object> fields) {
    static ProfileJson of(ArrayProfile profile) {
      return new ProfileJson(profile.name(), profile.description(), ProfileValues.of(profile));
    }
  }

  /**
   * The profile that a volume is to get.
   *
   * @param profile a named profile that supplies the fields that are left out; may be absent if
   *     none is left out
   * @param name the name of the new profile
   * @param fields by key, with the types that answers use
   */
  record ProfileRequest(
      String profile, String name, String description, Map<String, JsonNode> fields) {}

  record StateRequest(String name) {}

  record StateJson(String name, String created, String parent, boolean isCurrent, long keptBytes) {
    static StateJson of(NamedState state) {
      return new StateJson(
          state.name(),
          Instant.EPOCH.plusNanos(state.createdNanos()).toString(),
          state.parent().isEmpty() ? null : state.parent(),
          state.isCurrent(),
          state.keptBytes());
    }
  }

  record LatencyJson(long count, long p50Nanos, long p99Nanos, long maxNanos) {}

  record VaaiStatisticsJson(
      String volume,
      String client,
      Map<String, Long> counters,
      Map<String, LatencyJson> latencies) {
    static VaaiStatisticsJson of(OffloadStatistics.Reading reading) {
      Map<String, Long> counters = new LinkedHashMap<>();
      for (OffloadCounter counter : OffloadCounter.values()) {
        counters.put(counter.label(), reading.value(counter));
      }
      Map<String, LatencyJson> latencies = new LinkedHashMap<>();
      for (OffloadStatistics.Timed timed : OffloadStatistics.Timed.values()) {
        OffloadStatistics.Latency latency = reading.latency(timed);
        latencies.put(
            timed.label(),
            new LatencyJson(
                latency.count(), latency.p50Nanos(), latency.p99Nanos(), latency.maxNanos()));
      }
      return new VaaiStatisticsJson(reading.volume(), reading.client(), counters, latencies);
    }
  }

  record CallsJson(
      String client,
      long program,
      long version,
      int procedure,
      long calls,
      long refused,
      long lost,
      Map<Integer, Long> errorsByStatus,
      long callBytes,
      long replyBytes,
      LatencyJson latency) {
    private static final double MEDIAN = 0.5;
    private static final double P99 = 0.99;

    static CallsJson of(CallCounts counts) {
      return new CallsJson(
          counts.client(),
          Integer.toUnsignedLong(counts.program()),
          Integer.toUnsignedLong(counts.version()),
          counts.procedure(),
          counts.calls(),
          counts.refused(),
          counts.lost(),
          counts.errorsByStatus(),
          counts.callBytes(),
          counts.replyBytes(),
          new LatencyJson(
              counts.latency().count(),
              counts.latency().quantileNanos(MEDIAN),
              counts.latency().quantileNanos(P99),
              counts.latency().maxNanos()));
    }
  }

  record Listing<T>(List<T> items) {}
}
