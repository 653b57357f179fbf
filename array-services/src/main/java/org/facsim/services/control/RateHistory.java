/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.facsim.array.ArrayException;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.VolumeTotals;
import org.facsim.services.explain.FileTransfers;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.offload.OffloadStatistics;

/**
 * The last {@value #MAX_SAMPLES} samples of what the array does, for live charts. Whoever shows
 * them has a sample taken each second; nothing here has a thread of its own, and nothing is counted
 * for it: a sample is the difference of counters that are there anyway. Thread-safe.
 */
public final class RateHistory {
  /** An hour at one sample a second. */
  public static final int MAX_SAMPLES = 3600;

  private static final int RUN_SHIFT = 32;
  private static final double SECOND_NANOS = 1e9;
  private static final long MILLI_NANOS = 1_000_000;

  private final StorageArray storage;
  private final Supplier<List<CallFigures>> calls;
  private final FileTransfers transfers;
  private final OffloadStatistics offloads;
  private final HostIoSources hosts;
  private final InstantSource clock;
  private final LongSupplier nanoTime;

  // Guarded by this.
  private final Deque<RateSample> samples = new ArrayDeque<>();
  private Counters before;
  private long lastSequence;

  RateHistory(
      StorageArray storage,
      Supplier<List<CallFigures>> calls,
      FileTransfers transfers,
      OffloadStatistics offloads,
      HostIoSources hosts,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.storage = storage;
    this.calls = calls;
    this.transfers = transfers;
    this.offloads = offloads;
    this.hosts = hosts;
    this.clock = clock;
    this.nanoTime = nanoTime;
    lastSequence = storage.starts() << RUN_SHIFT;
  }

  /** Calls of one kind, and what those that were timed took. */
  private record Timed(long calls, long timed, long nanos) {
    static final Timed NONE = new Timed(0, 0, 0);

    Timed plus(CallFigures more) {
      return new Timed(
          calls + more.calls(), timed + more.latency().count(), nanos + more.latency().sumNanos());
    }

    double latencySince(Timed earlier) {
      long count = timed - earlier.timed;
      return count <= 0 ? 0 : (double) (nanos - earlier.nanos) / count;
    }
  }

  /** All counters at one moment. */
  private record Counters(
      long nanoTime,
      FileTransfers.Transferred moved,
      Timed reads,
      Timed writes,
      Timed others,
      HostIo hosts,
      long errors,
      Map<String, Long> offloads) {}

  /** Takes a sample. The first call only looks at the counters. */
  public synchronized void sample() {
    Counters now = counters();
    Counters last = before;
    before = now;
    long nanos = last == null ? 0 : now.nanoTime() - last.nanoTime();
    if (nanos > 0) {
      samples.add(sample(last, now, nanos));
      if (samples.size() > MAX_SAMPLES) {
        samples.remove();
      }
    }
  }

  private Counters counters() {
    Timed reads = Timed.NONE;
    Timed writes = Timed.NONE;
    Timed others = Timed.NONE;
    long errors = 0;
    for (CallFigures each : calls.get()) {
      errors += each.errors();
      switch (each.procedureName()) {
        case "READ" -> reads = reads.plus(each);
        case "WRITE" -> writes = writes.plus(each);
        default -> others = others.plus(each);
      }
    }
    return new Counters(
        nanoTime.getAsLong(),
        transfers.everything(),
        reads,
        writes,
        others,
        hosts.read(),
        errors,
        offloadCounters());
  }

  private Map<String, Long> offloadCounters() {
    Map<String, Long> counters = new TreeMap<>();
    for (OffloadStatistics.Reading reading : offloads.read()) {
      for (OffloadCounter counter : OffloadCounter.values()) {
        counters.merge(counter.label(), reading.value(counter), Long::sum);
      }
    }
    return counters;
  }

  private RateSample sample(Counters last, Counters now, long nanos) {
    double seconds = nanos / SECOND_NANOS;
    FileTransfers.Transferred moved = now.moved().minus(last.moved());
    long all = allCalls(now) - allCalls(last);
    Map<String, Long> grown = new TreeMap<>();
    now.offloads()
        .forEach(
            (label, value) -> {
              long more = value - last.offloads().getOrDefault(label, 0L);
              if (more != 0) { // less than 0 right after a reset
                grown.put(label, Math.max(0, more));
              }
            });
    VolumeTotals space = space();
    return new RateSample(
        ++lastSequence,
        clock.instant(),
        nanos / MILLI_NANOS,
        moved.reads() / seconds,
        moved.writes() / seconds,
        Math.max(0, all - moved.reads() - moved.writes()) / seconds,
        Math.max(0, now.errors() - last.errors()) / seconds,
        moved.readBytes() / seconds,
        moved.writtenBytes() / seconds,
        now.reads().latencySince(last.reads()),
        now.writes().latencySince(last.writes()),
        now.others().latencySince(last.others()),
        now.hosts().readLatencySince(last.hosts()),
        now.hosts().writeLatencySince(last.hosts()),
        grown,
        space.physicalUsedBytes(),
        space.provisionedBytes(),
        space.referencedBytes(),
        space.savedBytes(),
        space.reservedBytes());
  }

  private static long allCalls(Counters counters) {
    return counters.reads().calls() + counters.writes().calls() + counters.others().calls();
  }

  private VolumeTotals space() {
    VolumeTotals sum = new VolumeTotals(0, 0, 0, 0);
    for (Volume volume : storage.volumes()) {
      try {
        VolumeTotals more = volume.space().totals();
        sum =
            new VolumeTotals(
                sum.physicalUsedBytes() + more.physicalUsedBytes(),
                sum.reservedBytes() + more.reservedBytes(),
                sum.referencedBytes() + more.referencedBytes(),
                sum.provisionedBytes() + more.provisionedBytes());
      } catch (ArrayException deleted) {
        // it has nothing any more
      }
    }
    return sum;
  }

  /**
   * The samples that followed one.
   *
   * @param sequence its number; 0 for all that are kept
   * @param most the latest ones, 1 or more
   */
  public synchronized RatePage after(long sequence, int most) {
    List<RateSample> found = new ArrayList<>();
    long first = samples.isEmpty() ? lastSequence + 1 : samples.getFirst().sequence();
    boolean isKnown = sequence >= first - 1 && sequence <= lastSequence;
    for (RateSample each : samples) {
      if (!isKnown || each.sequence() > sequence) {
        found.add(each);
      }
    }
    List<RateSample> latest = found.subList(Math.max(0, found.size() - most), found.size());
    boolean isComplete = isKnown && latest.size() == found.size();
    return new RatePage(isComplete, lastSequence, latest);
  }
}
