/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayOptions;
import org.facsim.array.StorageArray;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.explain.FileTransfers;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.CountingMeter;
import org.facsim.services.offload.JobScheduler;
import org.facsim.services.offload.OffloadEngine;
import org.facsim.services.offload.OffloadOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a second of figures says, with counters and a clock that the test sets. */
class RateHistoryTest {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final long SECOND = Duration.ofSeconds(1).toNanos();
  private static final long MILLI = Duration.ofMillis(1).toNanos();
  private static final ArrayOptions OPTIONS = new ArrayOptions(Long.MAX_VALUE, () -> NOON, 1);

  private final StorageArray storage = ArrayEngine.ephemeral(OPTIONS);
  private final ArrayStart begun =
      new ArrayStart(
          storage, new ArrayStart.Options(List.of(), Map.of(), Map.of()), false, () -> NOON);
  private final OffloadEngine offload =
      new OffloadEngine(
          storage,
          begun.profiles(),
          OffloadOptions.of(() -> NOON, CloneJobListener.NONE, CountingMeter::new)
              .withScheduler(JobScheduler.withThread()));
  private final List<CallFigures> calls = new ArrayList<>();
  private final AtomicLong nanoTime = new AtomicLong(1);
  private HostIo seen = HostIo.NONE;
  private final HostIoSources hosts = new HostIoSources();
  private final RateHistory rates =
      new RateHistory(
          storage,
          () -> calls,
          new FileTransfers(() -> NOON),
          offload.statistics(),
          hosts,
          () -> NOON,
          nanoTime::get);

  @AfterEach
  void stop() {
    offload.close();
    storage.close();
  }

  /** A second later; {@code reads} of all READs that were counted so far took {@code nanos}. */
  private RateSample second(long reads, long nanos, HostIo seen) {
    nanoTime.addAndGet(SECOND);
    calls.clear();
    calls.add(
        new CallFigures(
            "127.0.0.1",
            100_003,
            3,
            6,
            "READ",
            reads,
            0,
            0,
            Map.of(),
            0,
            0,
            new CallFigures.Latency(reads, nanos, 0, 0, 0)));
    this.seen = seen;
    rates.sample();
    List<RateSample> all = rates.after(0, RateHistory.MAX_SAMPLES).samples();
    return all.isEmpty() ? null : all.get(all.size() - 1);
  }

  @Test
  void theLatencyIsSplitIntoWhatTheArrayAndWhatHostsSaw() {
    var unused = hosts.add(() -> seen);
    second(10, 10 * MILLI, new HostIo(10, 30 * MILLI, 0, 0));
    RateSample sample = second(14, 18 * MILLI, new HostIo(14, 50 * MILLI, 2, 14 * MILLI));
    assertThat(sample.readLatencyNanos()).isEqualTo(2.0 * MILLI);
    assertThat(sample.hostReadLatencyNanos()).isEqualTo(5.0 * MILLI);
    assertThat(sample.hostWriteLatencyNanos()).isEqualTo(7.0 * MILLI);
  }

  @Test
  void nothingIsSaidOfHostsThatNobodyTells() {
    second(10, 10 * MILLI, HostIo.NONE);
    RateSample sample = second(14, 18 * MILLI, new HostIo(14, 50 * MILLI, 0, 0));
    assertThat(sample.readLatencyNanos()).isEqualTo(2.0 * MILLI);
    assertThat(sample.hostReadLatencyNanos()).isZero();
  }

  /** Their figures are missing in the sum from then on. */
  @Test
  void hostsThatAreGoneLeaveNoNegativeLatency() {
    HostIoSources.Source gone = hosts.add(() -> new HostIo(1000, 1000 * MILLI, 10, 10 * MILLI));
    var unused = hosts.add(() -> seen);
    second(10, 10 * MILLI, new HostIo(10, 30 * MILLI, 0, 0));
    gone.close();
    gone.close();
    RateSample sample = second(14, 18 * MILLI, new HostIo(14, 50 * MILLI, 0, 0));
    assertThat(sample.hostReadLatencyNanos()).isZero();
    assertThat(sample.hostWriteLatencyNanos()).isZero();
    assertThat(second(15, 19 * MILLI, new HostIo(15, 53 * MILLI, 0, 0)).hostReadLatencyNanos())
        .isEqualTo(3.0 * MILLI);
  }

  @Test
  void ratesAreOfTheTimeBetweenTwoLooks() {
    assertThat(second(10, 10 * MILLI, HostIo.NONE)).as("the first look only counts").isNull();
    RateSample sample = second(30, 30 * MILLI, HostIo.NONE);
    assertThat(sample.intervalMillis()).isEqualTo(1000);
    assertThat(sample.otherOps()).as("READs of no file that is known").isEqualTo(20);
    nanoTime.addAndGet(SECOND);
    assertThat(second(40, 40 * MILLI, HostIo.NONE).otherOps()).isEqualTo(5);
  }

  @Test
  void theNumberOfSourcesIsBounded() {
    for (int i = 0; i < HostIoSources.MAX_SOURCES; i++) {
      var unused = hosts.add(() -> HostIo.NONE);
    }
    assertThatIllegalStateException().isThrownBy(() -> hosts.add(() -> HostIo.NONE));
  }
}
