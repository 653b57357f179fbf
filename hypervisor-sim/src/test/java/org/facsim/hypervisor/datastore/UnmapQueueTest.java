/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a host collects what guests trim, and what it sends of that. */
final class UnmapQueueTest {
  private static final long KIB = 1024;

  private final FakeMount mount = new FakeMount();
  private final VaaiCounters counters = new VaaiCounters();
  private final List<Runnable> windows = new ArrayList<>();
  private Duration window;
  private UnmapSettings settings = UnmapSettings.DEFAULT.enabled();
  private DatastoreFile disk;
  private DatastoreFile other;

  private final UnmapQueue queue =
      new UnmapQueue(
          mount.offload,
          counters,
          () -> settings,
          (delay, task) -> {
            window = delay;
            windows.add(task);
          });

  @BeforeEach
  void makeFiles() {
    disk = mount.datastore.create("disk-flat.vmdk");
    other = mount.datastore.create("other-flat.vmdk");
  }

  private CompletableFuture<TrimOutcome> trim(DatastoreFile file, long offset, long length) {
    return queue.trim(new GuestTrim(file, new FileRange(offset, length), true, false));
  }

  /** Of a TRIM whose outcome the test does not look at. */
  private static void ignore(CompletableFuture<TrimOutcome> outcome) {
    assertThat(outcome).isNotNull();
  }

  private void endWindows() {
    List<Runnable> due = List.copyOf(windows);
    windows.clear();
    due.forEach(Runnable::run);
  }

  @Test
  void rangesOfOneWindowAreOneCall() {
    var first = trim(disk, 0, 4 * KIB);
    var second = trim(disk, 64 * KIB, 4 * KIB);
    var third = trim(disk, 4 * KIB, 8 * KIB);
    var overlapping = trim(disk, 66 * KIB, 4 * KIB);
    assertThat(mount.offload.unmaps).isEmpty();
    assertThat(window).isEqualTo(Duration.ofMillis(5));
    assertThat(windows).hasSize(1);
    endWindows();
    assertThat(mount.offload.unmaps)
        .containsExactly(List.of(new FileRange(0, 12 * KIB), new FileRange(64 * KIB, 6 * KIB)));
    for (var each : List.of(first, second, third, overlapping)) {
      assertThat(each).isCompletedWithValue(TrimOutcome.UNMAPPED);
    }
    assertThat(counters.of(VaaiCounter.UNMAP_SUCCESS)).isEqualTo(1);
    assertThat(counters.of(VaaiCounter.UNMAP_GRANULARITY_SUCCESS)).isEqualTo(1);
  }

  @Test
  void eachFileHasItsOwnWindow() {
    ignore(trim(disk, 0, KIB));
    ignore(trim(other, 0, 2 * KIB));
    endWindows();
    assertThat(mount.offload.unmaps)
        .containsExactly(List.of(new FileRange(0, KIB)), List.of(new FileRange(0, 2 * KIB)));
    assertThat(counters.of(VaaiCounter.UNMAP_GRANULARITY_SUCCESS)).isEqualTo(2);
  }

  @Test
  void moreRangesThanTheArrayTakesAreSeveralCalls() {
    mount.offload.granularity = new UnmapGranularity(4096, 2);
    var last = trim(disk, 0, KIB);
    for (int i = 1; i < 5; i++) {
      last = trim(disk, 8 * KIB * i, KIB);
    }
    endWindows();
    assertThat(mount.offload.unmaps).extracting(List::size).containsExactly(2, 2, 1);
    assertThat(last).isCompletedWithValue(TrimOutcome.UNMAPPED);
    assertThat(counters.of(VaaiCounter.UNMAP_SUCCESS)).isEqualTo(3);
  }

  @Test
  void offByDefaultAndForThinDisksWithoutSnapshotsOnly() {
    FileRange range = new FileRange(0, KIB);
    assertThat(queue.trim(new GuestTrim(disk, range, false, false)))
        .isCompletedWithValue(TrimOutcome.THICK_DISK);
    assertThat(queue.trim(new GuestTrim(disk, range, true, true)))
        .isCompletedWithValue(TrimOutcome.SNAPSHOTS);
    settings = UnmapSettings.DEFAULT;
    assertThat(trim(disk, 0, KIB)).isCompletedWithValue(TrimOutcome.OFF);
    assertThat(queue.offered(disk, true)).isEmpty();
    assertThat(counters.of(VaaiCounter.UNMAP_GRANULARITY_SUCCESS)).as("nobody asked").isZero();
    assertThat(windows).isEmpty();
  }

  @Test
  void aGuestHearsAtItsBootWhatTheArraySaysThen() {
    mount.offload.granularity = null;
    assertThat(queue.offered(disk, true)).isEmpty();
    assertThat(trim(disk, 0, KIB)).isCompletedWithValue(TrimOutcome.NOT_SUPPORTED);
    assertThat(counters.of(VaaiCounter.UNMAP_GRANULARITY_FAILURE)).as("asked once").isEqualTo(1);
    mount.offload.granularity = new UnmapGranularity(1 << 20, 256);
    assertThat(trim(disk, 0, KIB)).as("kept").isCompletedWithValue(TrimOutcome.NOT_SUPPORTED);
    assertThat(queue.offered(disk, true)).contains(new UnmapGranularity(1 << 20, 256));
    assertThat(queue.offered(disk, false)).as("a thick disk").isEmpty();
    ignore(trim(disk, 0, KIB));
    endWindows();
    assertThat(mount.offload.unmaps).hasSize(1);
  }

  @Test
  void asManyCallsAsThreadsAreUnderWayAndTheQueueIsBounded() {
    settings = new UnmapSettings(true, Duration.ofMillis(5), 2, 1);
    mount.offload.granularity = new UnmapGranularity(4096, 1);
    mount.offload.unmapAnswer = new CompletableFuture<>();
    ignore(trim(disk, 0, KIB));
    endWindows();
    assertThat(mount.offload.unmaps).hasSize(1);
    var queued = trim(disk, 0, KIB);
    ignore(trim(disk, 8 * KIB, KIB));
    endWindows();
    assertThat(mount.offload.unmaps).as("the thread is taken").hasSize(1);
    assertThat(trim(other, 0, KIB)).isNotDone();
    var tooMany = trim(other, 0, KIB);
    endWindows();
    assertThat(tooMany).isCompletedWithValue(TrimOutcome.QUEUE_FULL);
    CompletableFuture<UnmappedSpace> underWay = mount.offload.unmapAnswer;
    mount.offload.unmapAnswer = null;
    underWay.complete(UnmappedSpace.NONE);
    assertThat(queued).isCompletedWithValue(TrimOutcome.UNMAPPED);
    assertThat(mount.offload.unmaps).hasSize(3);
    assertThat(counters.of(VaaiCounter.UNMAP_SUCCESS)).isEqualTo(3);
  }

  @Test
  void aRefusalIsCountedAndTheGuestGoesOn() {
    mount.offload.unmapAnswer = CompletableFuture.failedFuture(new OffloadException("BUSY"));
    var refused = trim(disk, 0, KIB);
    endWindows();
    assertThat(refused).isCompletedWithValue(TrimOutcome.FAILED);
    assertThat(counters.of(VaaiCounter.UNMAP_FAILURE)).isEqualTo(1);
    mount.offload.unmapAnswer = null;
    var next = trim(disk, 0, KIB);
    endWindows();
    assertThat(next).isCompletedWithValue(TrimOutcome.UNMAPPED);
  }

  @Test
  void whatIsNotSentCanBeTakenBack() {
    settings = new UnmapSettings(true, Duration.ofMillis(5), 32, 1);
    mount.offload.unmapAnswer = new CompletableFuture<>();
    var sent = trim(disk, 0, KIB);
    endWindows();
    var waiting = trim(disk, 0, KIB);
    endWindows();
    var collecting = trim(disk, 0, KIB);
    var ofAnother = trim(other, 0, KIB);
    queue.cancel(disk);
    assertThat(waiting).isCompletedWithValue(TrimOutcome.CANCELLED);
    assertThat(collecting).isCompletedWithValue(TrimOutcome.CANCELLED);
    assertThat(sent).isNotDone();
    assertThat(counters.of(VaaiCounter.UNMAP_CANCEL_SUCCESS)).isEqualTo(2);
    ignore(trim(disk, 0, KIB));
    queue.reset(disk);
    assertThat(counters.of(VaaiCounter.UNMAP_RESET_SUCCESS)).isEqualTo(1);
    endWindows();
    CompletableFuture<UnmappedSpace> underWay = mount.offload.unmapAnswer;
    mount.offload.unmapAnswer = null;
    underWay.complete(UnmappedSpace.NONE);
    assertThat(sent).isCompletedWithValue(TrimOutcome.UNMAPPED);
    assertThat(ofAnother).isCompletedWithValue(TrimOutcome.UNMAPPED);
    assertThat(mount.offload.unmaps).hasSize(2);
  }

  @Test
  void aClosedQueueCancels() {
    var collecting = trim(disk, 0, KIB);
    queue.close();
    assertThat(collecting).isCompletedWithValue(TrimOutcome.CANCELLED);
    assertThat(trim(disk, 0, KIB)).isCompletedWithValue(TrimOutcome.CANCELLED);
    endWindows();
    assertThat(mount.offload.unmaps).isEmpty();
  }

  @Test
  void countersHaveTheNamesOfTheField() {
    assertThat(counters.read().keySet())
        .extracting(VaaiCounter::label)
        .containsSubsequence(
            "fullCloneSuccess",
            "fullCloneFailure",
            "extStatsFailure",
            "unmapSuccess",
            "unmapFailure",
            "unmapCancelSuccess",
            "unmapResetSuccess",
            "unmapGranularitySuccess",
            "unmapGranularityFailure",
            "unmapGranularityCancelSuccess",
            "unmapGranularityCancelFailure");
  }
}
