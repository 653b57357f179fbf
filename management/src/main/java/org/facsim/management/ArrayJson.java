/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.facsim.array.NamedState;
import org.facsim.array.SpaceLedger;
import org.facsim.array.Volume;
import org.facsim.array.VolumeSpace;
import org.facsim.services.control.CallFigures;
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

  /**
   * A state that is to be saved.
   *
   * @param overwrite whether it may take the place of another one; absent for no
   */
  record StateRequest(String name, Boolean overwrite) {}

  record SavedStateJson(String name) {}

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
    static CallsJson of(CallFigures calls) {
      return new CallsJson(
          calls.client(),
          calls.program(),
          calls.version(),
          calls.procedure(),
          calls.calls(),
          calls.refused(),
          calls.lost(),
          calls.errorsByStatus(),
          calls.callBytes(),
          calls.replyBytes(),
          new LatencyJson(
              calls.latency().count(),
              calls.latency().p50Nanos(),
              calls.latency().p99Nanos(),
              calls.latency().maxNanos()));
    }
  }

  /**
   * A part of a list.
   *
   * @param count how many meet the conditions; {@code items} may be a piece of them
   */
  record Listing<T>(int count, List<T> items) {}
}
