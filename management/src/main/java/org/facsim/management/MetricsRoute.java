/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.ext.web.RoutingContext;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.facsim.array.Volume;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.CallFigures;
import org.facsim.services.control.HostIo;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.offload.OffloadStatistics;

/**
 * {@code /metrics} in the format of Prometheus. The array counts all the time. A scrape reads all
 * counters once and passes the values to Micrometer, so that only scraping has a cost, not
 * counting.
 *
 * <p>The size of the answer is bounded by what the array counts separately: volumes, and clients up
 * to the array's own limits.
 */
final class MetricsRoute {
  private static final double NANOS = 1e9;

  private final ArrayControl array;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

  /** What the last scrape read, by meter name and tags. The meters take their values from here. */
  private final Map<String, Double> values = new ConcurrentHashMap<>();

  /** The meters of the last scrape, by the same keys. */
  private final Map<String, Meter> meters = new HashMap<>();

  /** What this scrape has read so far. */
  private final Set<String> seen = new HashSet<>();

  MetricsRoute(ArrayControl array) {
    this.array = array;
  }

  void scrape(RoutingContext context) {
    String text;
    synchronized (this) {
      array.volumes().all().forEach(this::readVolume);
      array.statistics().offloads().forEach(this::readVaai);
      array.statistics().calls().forEach(this::readCalls);
      readHosts(array.hosts().read());
      array.explanations().counts().forEach(this::readClones);
      forgetUnseen();
      text = registry.scrape();
    }
    Answers.text(context, "text/plain; version=0.0.4; charset=utf-8", text);
  }

  /** Drops what is not there any more: deleted volumes, counters that were reset. */
  private void forgetUnseen() {
    meters.entrySet().removeIf(entry -> !seen.contains(entry.getKey()) && drop(entry.getValue()));
    values.keySet().retainAll(seen);
    seen.clear();
  }

  private boolean drop(Meter meter) {
    registry.remove(meter);
    return true;
  }

  private void readVolume(Volume volume) {
    Tags tags = Tags.of("volume", volume.name());
    var space = volume.space().ofVolume();
    gauge("facsim.volume.size.bytes", tags, (double) space.sizeBytes());
    gauge("facsim.volume.available.bytes", tags, (double) volume.space().availableBytes());
    gauge("facsim.volume.physical.used.bytes", tags, (double) space.physicalUsedBytes());
    gauge("facsim.volume.referenced.bytes", tags, (double) space.referencedBytes());
    gauge("facsim.volume.reserved.bytes", tags, (double) space.reservedBytes());
    gauge("facsim.volume.reclaim.pending.bytes", tags, (double) space.reclaimPendingBytes());
  }

  private void readVaai(OffloadStatistics.Reading reading) {
    Tags tags = Tags.of("volume", reading.volume(), "client", reading.client());
    for (OffloadCounter counter : OffloadCounter.values()) {
      counter("facsim.vaai." + counter.label(), tags, reading.value(counter));
    }
    for (OffloadStatistics.Timed timed : OffloadStatistics.Timed.values()) {
      OffloadStatistics.Latency latency = reading.latency(timed);
      Tags of = tags.and("operation", timed.label());
      gauge("facsim.vaai.latency.seconds", of.and("quantile", "0.5"), latency.p50Nanos() / NANOS);
      gauge("facsim.vaai.latency.seconds", of.and("quantile", "0.99"), latency.p99Nanos() / NANOS);
    }
  }

  private void readClones(Explanations.Count count) {
    Explanations.Counted of = count.of();
    counter(
        "facsim.clones",
        Tags.of(
            "volume",
            of.volume(),
            "dialect",
            of.dialect(),
            "outcome",
            of.outcome().label(),
            "first_failed",
            of.firstFailed().map(Precondition::label).orElse("none")),
        count.clones());
  }

  private void readCalls(CallFigures counts) {
    Tags tags =
        Tags.of(
            "client",
            counts.client(),
            "program",
            Long.toString(counts.program()),
            "version",
            Long.toString(counts.version()),
            "procedure",
            counts.procedureName());
    counter("facsim.rpc.calls", tags, counts.calls());
    counter("facsim.rpc.errors", tags, counts.errors());
    counter("facsim.rpc.call.bytes", tags, counts.callBytes());
    counter("facsim.rpc.reply.bytes", tags, counts.replyBytes());
    counter("facsim.rpc.timed.calls", tags, counts.latency().count());
    counter("facsim.rpc.timed.seconds", tags, counts.latency().sumNanos() / NANOS);
    gauge(
        "facsim.rpc.latency.seconds",
        tags.and("quantile", "0.5"),
        counts.latency().p50Nanos() / NANOS);
    gauge(
        "facsim.rpc.latency.seconds",
        tags.and("quantile", "0.99"),
        counts.latency().p99Nanos() / NANOS);
  }

  /** What hosts saw; nothing if nobody tells it. */
  private void readHosts(HostIo seen) {
    if (!seen.equals(HostIo.NONE)) {
      readHosts("READ", seen.reads(), seen.readNanos());
      readHosts("WRITE", seen.writes(), seen.writeNanos());
    }
  }

  private void readHosts(String procedure, long calls, long nanos) {
    Tags tags = Tags.of("procedure", procedure);
    counter("facsim.host.calls", tags, calls);
    counter("facsim.host.seconds", tags, nanos / NANOS);
  }

  private void counter(String name, Tags tags, long value) {
    counter(name, tags, (double) value);
  }

  private void counter(String name, Tags tags, double value) {
    note(
        name,
        tags,
        value,
        read ->
            FunctionCounter.builder(name, values, read)
                .tags(tags)
                .description(MetricHelp.of(name))
                .register(registry));
  }

  private void gauge(String name, Tags tags, double value) {
    note(
        name,
        tags,
        value,
        read ->
            Gauge.builder(name, values, read)
                .tags(tags)
                .description(MetricHelp.of(name))
                .register(registry));
  }

  private void note(
      String name,
      Tags tags,
      double value,
      Function<ToDoubleFunction<Map<String, Double>>, Meter> register) {
    String key = name + tags;
    values.put(key, value);
    seen.add(key);
    if (!meters.containsKey(key)) {
      meters.put(key, register.apply(read -> read.getOrDefault(key, 0.0)));
    }
  }
}
