/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.console.CommandLine.Option;
import org.facsim.hypervisor.datastore.Datastore;
import org.facsim.hypervisor.datastore.IoCounters;
import org.facsim.hypervisor.datastore.IoSnapshot;

/**
 * {@code esxtop}: what the host moves. In batch ({@code -b}) it prints CSV as the field's does: a
 * line of counters, then a line for each sample. Without it, it prints one screen; the program
 * shows screens after each other. The network view is the one from which the article's author
 * inferred who copied; the columns of VAAI are the NAS analogue of the block ones, counted since
 * the mount.
 */
final class Esxtop implements Command {
  private static final Option BATCH = Option.flag("b", "");
  private static final Option ITERATIONS = Option.value("n", "");
  private static final Option DELAY = Option.value("d", "");
  private static final long DEFAULT_DELAY_SECONDS = 5;
  private static final long MIN_DELAY_SECONDS = 2;
  private static final long MAX_DELAY_SECONDS = 3600;
  private static final long MAX_ITERATIONS = 1000;
  private static final double MBIT = 1_000_000;
  private static final double MBYTE = 1 << 20;
  private static final double MILLI = 1e6;

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("MM/dd/uuuu HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final SimulatedHost host;

  Esxtop(SimulatedHost host) {
    this.host = host;
  }

  @Override
  public String run(List<String> arguments) {
    CommandLine line = CommandLine.read(arguments, 1, BATCH, ITERATIONS, DELAY).withoutOperands(1);
    long delay = within(line, DELAY, DEFAULT_DELAY_SECONDS, MIN_DELAY_SECONDS, MAX_DELAY_SECONDS);
    long iterations = within(line, ITERATIONS, 1, 1, MAX_ITERATIONS);
    StringBuilder text = new StringBuilder();
    Map<Datastore, IoSnapshot> before = snapshots();
    for (long i = 0; i < iterations; i++) {
      sleep(Duration.ofSeconds(delay));
      Map<Datastore, IoSnapshot> now = snapshots();
      Map<Datastore, IoSnapshot.Interval> intervals = new LinkedHashMap<>();
      for (Map.Entry<Datastore, IoSnapshot> each : now.entrySet()) {
        IoSnapshot earlier = before.getOrDefault(each.getKey(), each.getValue());
        intervals.put(each.getKey(), each.getValue().since(earlier));
      }
      if (line.has(BATCH)) {
        Map<String, String> sample = sample(intervals);
        if (i == 0) {
          text.append(csv("(PDH-CSV 4.0) (UTC)(0)", sample.keySet()));
        }
        text.append(csv(STAMP.format(host.time().now()), sample.values()));
      } else {
        text.append(screen(intervals));
      }
      before = now;
    }
    return text.toString();
  }

  private static long within(CommandLine line, Option option, long otherwise, long low, long high) {
    long value = line.number(option, 1).orElse(otherwise);
    if (value < low || value > high) {
      throw new CommandFailure(
          1, "esxtop: " + option.inWords() + " " + value + "; allowed: " + low + " to " + high);
    }
    return value;
  }

  private void sleep(Duration time) {
    try {
      host.time().sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(130, "esxtop: interrupted");
    }
  }

  private Map<Datastore, IoSnapshot> snapshots() {
    Map<Datastore, IoSnapshot> all = new LinkedHashMap<>();
    host.datastores().forEach(each -> all.put(each, each.ioSnapshot()));
    return all;
  }

  // ---------------------------------------------------------------- batch

  private Map<String, String> sample(Map<Datastore, IoSnapshot.Interval> intervals) {
    Map<String, String> sample = new LinkedHashMap<>();
    double received = 0;
    double sent = 0;
    for (IoSnapshot.Interval each : intervals.values()) {
      IoCounters io = each.total().counters();
      received += each.perSecond(io.readBytes());
      sent += each.perSecond(io.writeBytes());
    }
    put(sample, "Network Port(vSwitch0:vmk0)", "MBits Transmitted/sec", sent * 8 / MBIT);
    put(sample, "Network Port(vSwitch0:vmk0)", "MBits Received/sec", received * 8 / MBIT);
    intervals.forEach((datastore, interval) -> putDatastore(sample, datastore, interval));
    return sample;
  }

  private void putDatastore(
      Map<String, String> sample, Datastore datastore, IoSnapshot.Interval interval) {
    String object = "NFS Volume(" + datastore.name() + ")";
    IoCounters io = interval.total().counters();
    put(sample, object, "Reads/sec", interval.perSecond(io.readCalls()));
    put(sample, object, "Writes/sec", interval.perSecond(io.writeCalls()));
    put(sample, object, "MBytes Read/sec", interval.perSecond(io.readBytes()) / MBYTE);
    put(sample, object, "MBytes Written/sec", interval.perSecond(io.writeBytes()) / MBYTE);
    put(sample, object, "Average MilliSec/Read", interval.total().readLatency().toNanos() / MILLI);
    put(
        sample,
        object,
        "Average MilliSec/Write",
        interval.total().writeLatency().toNanos() / MILLI);
    NasVaaiColumns columns = NasVaaiColumns.of(datastore.vaaiCounters());
    columns
        .values()
        .forEach(
            (name, value) ->
                sample.put(
                    counter("NAS VAAI(" + datastore.name() + ")", name), Long.toString(value)));
    interval
        .byVm()
        .forEach(
            (vm, moved) -> {
              String disk = "Virtual Machine NFS(" + datastore.name() + ":" + vm + ")";
              put(sample, disk, "Reads/sec", interval.perSecond(moved.counters().readCalls()));
              put(sample, disk, "Writes/sec", interval.perSecond(moved.counters().writeCalls()));
            });
  }

  private void put(Map<String, String> sample, String object, String counter, double value) {
    sample.put(counter(object, counter), String.format(Locale.ROOT, "%.2f", value));
  }

  private String counter(String object, String counter) {
    return "\\\\" + host.name() + "\\" + object + "\\" + counter;
  }

  private static String csv(String first, Iterable<String> cells) {
    List<String> all = new ArrayList<>(List.of(first));
    cells.forEach(all::add);
    return all.stream()
        .map(cell -> "\"" + cell.replace("\"", "\"\"") + "\"")
        .collect(Collectors.joining(",", "", "\n"));
  }

  // ---------------------------------------------------------------- screen

  private String screen(Map<Datastore, IoSnapshot.Interval> intervals) {
    double received = 0;
    double sent = 0;
    TextTable volumes =
        new TextTable(
            "NFS VOLUME",
            "READS/s",
            "WRITES/s",
            "MBREAD/s",
            "MBWRTN/s",
            "RLAT",
            "WLAT",
            "CLONE",
            "CLONE_F",
            "FAST",
            "FAST_F",
            "RESV",
            "STAT",
            "DELETE",
            "DELETE_F");
    for (Map.Entry<Datastore, IoSnapshot.Interval> each : intervals.entrySet()) {
      IoSnapshot.Interval interval = each.getValue();
      IoCounters io = interval.total().counters();
      received += interval.perSecond(io.readBytes());
      sent += interval.perSecond(io.writeBytes());
      Map<String, Long> vaai = NasVaaiColumns.of(each.getKey().vaaiCounters()).values();
      volumes.row(
          each.getKey().name(),
          Figure.of(interval.perSecond(io.readCalls())),
          Figure.of(interval.perSecond(io.writeCalls())),
          Figure.of(interval.perSecond(io.readBytes()) / MBYTE),
          Figure.of(interval.perSecond(io.writeBytes()) / MBYTE),
          Figure.of(interval.total().readLatency().toNanos() / MILLI),
          Figure.of(interval.total().writeLatency().toNanos() / MILLI),
          vaai.get("CLONE"),
          vaai.get("CLONE_F"),
          vaai.get("FAST"),
          vaai.get("FAST_F"),
          vaai.get("RESV"),
          vaai.get("STAT"),
          vaai.get("DELETE"),
          vaai.get("DELETE_F"));
    }
    TextTable network =
        new TextTable("PORT", "MbTX/s", "MbRX/s")
            .row("vmk0", Figure.of(sent * 8 / MBIT), Figure.of(received * 8 / MBIT));
    DateTimeFormatter clock =
        DateTimeFormatter.ofPattern("h:mm:ssa", Locale.ROOT).withZone(ZoneOffset.UTC);
    return clock.format(host.time().now()).toLowerCase(Locale.ROOT)
        + "  "
        + host.name()
        + "\n\n"
        + network
        + "\n"
        + volumes;
  }

  /** A figure of a screen: a number with two decimals, so that a table puts it to the right. */
  private static final class Figure extends Number {
    private static final long serialVersionUID = 1L;
    private final double value;

    private Figure(double value) {
      this.value = value;
    }

    static Figure of(double value) {
      return new Figure(value);
    }

    @Override
    public int intValue() {
      return (int) value;
    }

    @Override
    public long longValue() {
      return (long) value;
    }

    @Override
    public float floatValue() {
      return (float) value;
    }

    @Override
    public double doubleValue() {
      return value;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f", value);
    }
  }
}
