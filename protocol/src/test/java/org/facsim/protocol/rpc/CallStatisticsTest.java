/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallStatisticsTest {
  private static final RpcProgram PROGRAM = new Statuses();

  private final AtomicLong nanos = new AtomicLong();
  private final CallStatistics statistics = new CallStatistics(nanos::get);

  /** A program whose odd procedures answer with a status word. */
  private static final class Statuses implements RpcProgram {
    @Override
    public int number() {
      return 77;
    }

    @Override
    public int lowestVersion() {
      return 1;
    }

    @Override
    public int highestVersion() {
      return 2;
    }

    @Override
    public void call(RpcCall call) {
      call.reply();
    }

    @Override
    public boolean answersWithStatus(int procedure) {
      return procedure % 2 == 1;
    }
  }

  private ProcedureCounters counters(Object loop, String client, int procedure) throws Exception {
    return statistics.of(loop, InetAddress.getByName(client)).of(PROGRAM, 1, procedure);
  }

  private void count(ProcedureCounters counters, long tookNanos, long outcome) {
    long begin = counters.begin(100);
    nanos.addAndGet(tookNanos);
    counters.end(begin, 10, outcome);
  }

  @Test
  void loopsAreAddedUpAndClientsAndProceduresKeptApart() throws Exception {
    for (String loop : List.of("one", "two")) {
      ProcedureCounters lookup = counters(loop, "192.0.2.1", 3);
      count(lookup, 1_000, 0);
      count(lookup, 2_000, 2);
      count(lookup, 3_000, 2);
      count(lookup, 4_000, ServerCall.REFUSED);
      count(lookup, 5_000, ServerCall.LOST);
      count(counters(loop, "192.0.2.1", 2), 1_000, 2);
    }
    count(counters("one", "192.0.2.2", 3), 1_000, 70);

    List<CallCounts> rows = statistics.read();
    assertThat(rows)
        .map(
            row -> row.client() + " " + row.program() + " " + row.version() + " " + row.procedure())
        .containsExactly("192.0.2.1 77 1 2", "192.0.2.1 77 1 3", "192.0.2.2 77 1 3");
    assertThat(rows.get(0).errors()).as("the first word of its results is no status").isZero();
    CallCounts lookup = rows.get(1);
    assertThat(lookup.calls()).isEqualTo(10);
    assertThat(lookup.errorsByStatus()).isEqualTo(Map.of(2, 4L));
    assertThat(lookup.refused()).isEqualTo(2);
    assertThat(lookup.lost()).isEqualTo(2);
    assertThat(lookup.errors()).isEqualTo(6);
    assertThat(lookup.callBytes()).isEqualTo(1_000);
    assertThat(lookup.replyBytes()).isEqualTo(100);
    assertThat(lookup.latency().count()).isEqualTo(10);
    assertThat(lookup.latency().maxNanos()).isEqualTo(5_000);
    assertThat(lookup.latency().sumNanos()).isEqualTo(30_000);
    assertThat(rows.get(2).errorsByStatus()).isEqualTo(Map.of(70, 1L));
  }

  @Test
  void clientsAndStatusesAndProceduresAreBounded() throws Exception {
    for (int i = 0; i < CallStatistics.MAX_CLIENTS + 10; i++) {
      count(counters("loop", "10.0." + i / 256 + "." + i % 256, 1), 1, 1_000 + i);
    }
    count(counters("loop", "10.0.0.0", 1_000_000), 1, 0);
    count(counters("loop", "10.0.0.0", -5), 1, 0);
    for (int status = 1; status <= 100; status++) {
      count(counters("loop", "10.0.0.1", 3), 1, status);
    }
    List<CallCounts> rows = statistics.read();
    assertThat(rows).map(CallCounts::client).filteredOn(CallStatistics.OTHERS::equals).hasSize(1);
    assertThat(rows)
        .filteredOn(row -> row.client().equals(CallStatistics.OTHERS))
        .singleElement()
        .satisfies(row -> assertThat(row.calls()).isEqualTo(10));
    assertThat(rows)
        .filteredOn(row -> row.procedure() == CallStatistics.OTHER_PROCEDURES)
        .singleElement()
        .satisfies(row -> assertThat(row.calls()).isEqualTo(2));
    CallCounts many =
        rows.stream()
            .filter(row -> row.client().equals("10.0.0.1") && row.procedure() == 3)
            .findFirst()
            .orElseThrow();
    assertThat(many.errors()).isEqualTo(100);
    assertThat(many.errorsByStatus()).hasSize(25).containsEntry(CallStatistics.OTHER_STATUS, 76L);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void quantilesAreAtMostAnEighthTooLarge(long seed) {
    Random random = new Random(seed);
    long[] durations = new long[20_000];
    LatencyRecorder recorder = new LatencyRecorder();
    for (int i = 0; i < durations.length; i++) {
      durations[i] = (long) Math.exp(random.nextDouble() * Math.log(4e12));
      recorder.record(durations[i]);
    }
    Arrays.sort(durations);
    LatencyHistogram histogram = recorder.read();
    for (double share : new double[] {0.01, 0.5, 0.9, 0.99, 0.999, 1}) {
      long exact = durations[(int) Math.ceil(share * durations.length) - 1];
      assertThat(histogram.quantileNanos(share))
          .as("seed %d, %s", seed, share)
          .isBetween(exact, exact + exact / 8 + 32);
    }
    assertThat(histogram.countAtMost(Long.MAX_VALUE)).isEqualTo(durations.length);
    assertThat(histogram.quantileNanos(1)).isEqualTo(durations[durations.length - 1]);
    assertThat(histogram.sumNanos()).isEqualTo(Arrays.stream(durations).sum());
  }

  @Test
  void whatIsLongerThanTheLastBucketIsKnownByItsMaximum() {
    LatencyRecorder recorder = new LatencyRecorder();
    recorder.record(Long.MAX_VALUE / 4);
    recorder.record(-1);
    assertThat(recorder.read().quantileNanos(0.5)).isLessThanOrEqualTo(32);
    assertThat(recorder.read().quantileNanos(1)).isEqualTo(Long.MAX_VALUE / 4);
  }

  @Test
  void bucketsFollowEachOtherWithoutGaps() {
    for (int bucket = 0; bucket < LatencyHistogram.BUCKETS; bucket++) {
      long last = LatencyHistogram.upperBoundNanos(bucket);
      assertThat(LatencyHistogram.bucket(last)).isEqualTo(bucket);
      assertThat(LatencyHistogram.bucket(last + 1))
          .isEqualTo(Math.min(bucket + 1, LatencyHistogram.BUCKETS - 1));
    }
    assertThat(LatencyHistogram.bucket(Long.MAX_VALUE)).isEqualTo(LatencyHistogram.BUCKETS - 1);
    assertThat(LatencyHistogram.bucket(-1)).isZero();
    LatencyHistogram none = new LatencyHistogram(new long[LatencyHistogram.BUCKETS], 0, 0);
    assertThat(none.quantileNanos(0.5)).isZero();
    assertThatIllegalArgumentException().isThrownBy(() -> none.quantileNanos(0));
  }

  @Test
  void ofManyCallsAnEighthIsTimedAndAllAreCounted() throws Exception {
    ProcedureCounters counters = counters("loop", "10.0.0.1", 1);
    for (int i = 0; i < 100_000; i++) {
      count(counters, 1_000, 0);
    }
    CallCounts row = statistics.read().get(0);
    assertThat(row.calls()).isEqualTo(100_000);
    assertThat(row.latency().count()).isBetween(10_000L, 14_000L);
    assertThat(row.latency().quantileNanos(0.5)).isEqualTo(1_000);
  }

  @Test
  void aServerCountsWhatItAnswersInEveryWay() throws Exception {
    try (EchoServer server = new EchoServer();
        RawConnection connection = server.connect()) {
      for (int procedure :
          new int[] {
            EchoProgram.ECHO,
            EchoProgram.ECHO,
            EchoProgram.MALFORMED,
            EchoProgram.FAIL,
            EchoProgram.DENY,
            EchoProgram.DROP,
            40
          }) {
        connection.send(RawConnection.call(5, procedure, out -> out.writeInt(13)));
        if (procedure != EchoProgram.DROP) {
          connection.readRecord();
        }
      }
      connection.send(RawConnection.call(6, EchoProgram.DEFER, out -> out.writeInt(13)));
      await().until(() -> !server.program.deferred.isEmpty());
      Thread.sleep(20);
      EchoProgram.Deferred call = server.program.deferred.poll();
      call.reply().complete(out -> out.writeLong(0));
      call.arguments().release();
      connection.readRecord();

      List<CallCounts> rows = server.server.statistics().read();
      assertThat(rows)
          .map(CallStatisticsTest::countsOf)
          .containsExactly(
              "127.0.0.1 1: 2 calls, 0 refused, 0 lost, 88 in, 64 out",
              "127.0.0.1 5: 1 calls, 0 refused, 0 lost, 44 in, 36 out",
              "127.0.0.1 6: 1 calls, 1 refused, 0 lost, 44 in, 28 out",
              "127.0.0.1 7: 1 calls, 1 refused, 0 lost, 44 in, 28 out",
              "127.0.0.1 8: 1 calls, 1 refused, 0 lost, 44 in, 24 out",
              "127.0.0.1 9: 1 calls, 0 refused, 1 lost, 44 in, 0 out",
              "127.0.0.1 40: 1 calls, 1 refused, 0 lost, 44 in, 28 out");
      assertThat(rows.get(1).latency().quantileNanos(0.5)).isGreaterThan(20_000_000);
    }
  }

  /** Everything that is counted, as one line. */
  static String countsOf(CallCounts row) {
    return "%s %d: %d calls, %d refused, %d lost, %d in, %d out"
        .formatted(
            row.client(),
            row.procedure(),
            row.calls(),
            row.refused(),
            row.lost(),
            row.callBytes(),
            row.replyBytes());
  }
}
