/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.facsim.array.ArraySpace;
import org.facsim.management.ArrayJson.StateJson;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.CapacityReport;
import org.facsim.services.control.CapacityReport.OfVolume;
import org.facsim.services.control.CapacityReport.Use;
import org.facsim.services.control.RateHistory;
import org.facsim.services.control.RatePage;
import org.facsim.services.control.RateSample;

/** Where the space went, and what the array did second by second. */
final class SpaceRoutes {
  private static final String API = "/api/v1";
  private static final int OK = 200;
  private static final int USUAL_SAMPLES = 300;

  private final ArrayControl array;

  SpaceRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(API + "/space", this::space);
    routes.get(API + "/volumes/:volume/space", this::ofVolume);
    routes.get(API + "/statistics/rates", this::rates);
  }

  /** {@link CapacityReport} with the states as everywhere. */
  record CapacityJson(ArraySpace array, Use total, List<OfVolume> volumes, List<StateJson> states) {
    static CapacityJson of(CapacityReport report) {
      return new CapacityJson(
          report.array(),
          report.total(),
          report.volumes(),
          report.states().stream().map(StateJson::of).toList());
    }
  }

  private void space(RoutingContext context) {
    var unused = Asked.of(context);
    Answers.json(context, OK, CapacityJson.of(array.space().report()));
  }

  private void ofVolume(RoutingContext context) {
    var unused = Asked.of(context);
    Answers.json(context, OK, array.space().of(RequestedVolume.of(context, array)));
  }

  /** {@link RatePage} in the words of lists. */
  record RatesJson(boolean complete, long lastSequence, List<SampleJson> items) {}

  /** {@link RateSample} with its time as a text. */
  record SampleJson(
      long sequence,
      String at,
      long intervalMillis,
      double readOps,
      double writeOps,
      double otherOps,
      double errors,
      double readBytes,
      double writeBytes,
      double readLatencyNanos,
      double writeLatencyNanos,
      double otherLatencyNanos,
      double hostReadLatencyNanos,
      double hostWriteLatencyNanos,
      java.util.Map<String, Long> offloads,
      long physicalUsedBytes,
      long provisionedBytes,
      long referencedBytes,
      long savedBytes,
      long reservedBytes) {
    static SampleJson of(RateSample sample) {
      return new SampleJson(
          sample.sequence(),
          sample.at().toString(),
          sample.intervalMillis(),
          sample.readOps(),
          sample.writeOps(),
          sample.otherOps(),
          sample.errors(),
          sample.readBytes(),
          sample.writeBytes(),
          sample.readLatencyNanos(),
          sample.writeLatencyNanos(),
          sample.otherLatencyNanos(),
          sample.hostReadLatencyNanos(),
          sample.hostWriteLatencyNanos(),
          sample.offloads(),
          sample.physicalUsedBytes(),
          sample.provisionedBytes(),
          sample.referencedBytes(),
          sample.savedBytes(),
          sample.reservedBytes());
    }
  }

  private void rates(RoutingContext context) {
    Asked asked = Asked.of(context, "after", "limit");
    RatePage page =
        array
            .rates()
            .after(
                asked.number("after", 0, 0, Long.MAX_VALUE),
                (int) asked.number("limit", USUAL_SAMPLES, 1, RateHistory.MAX_SAMPLES));
    Answers.json(
        context,
        OK,
        new RatesJson(
            page.isComplete(),
            page.lastSequence(),
            page.samples().stream().map(SampleJson::of).toList()));
  }
}
