/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyWorkloadTest {
  private static final long GIB = 1L << 30;
  private static final long SECOND = 1_000_000_000L;

  private static List<GuestIo> hour(WorkloadProfile profile, long seed, long stepNanos) {
    GuestWorkload workload = GuestWorkload.steady(profile, List.of(GIB, 2 * GIB), seed);
    List<GuestIo> all = new ArrayList<>();
    for (long at = 0; at <= 3600 * SECOND; at += stepNanos) {
      all.addAll(workload.takeDue(at));
    }
    return all;
  }

  @ParameterizedTest
  @ValueSource(strings = {"idle", "database", "log-writer"})
  void seedDecidesAndNotWhenSomebodyAsks(String name) {
    WorkloadProfile profile = WorkloadProfile.named(name);

    assertThat(hour(profile, 7, SECOND)).isEqualTo(hour(profile, 7, 5 * SECOND));
    assertThat(hour(profile, 7, SECOND)).isNotEqualTo(hour(profile, 8, SECOND));
  }

  @ParameterizedTest
  @ValueSource(strings = {"idle", "database", "log-writer"})
  void ioStaysInTheWorkingSetAndAtTheRate(String name) {
    WorkloadProfile profile = WorkloadProfile.named(name);
    List<GuestIo> ios = hour(profile, 1, SECOND);

    assertThat(ios)
        .allSatisfy(
            io -> {
              long start = (io.diskIndex() + 1) * GIB / 2;
              assertThat(io.offsetBytes()).isGreaterThanOrEqualTo(start);
              assertThat(io.offsetBytes() + io.lengthBytes())
                  .isLessThanOrEqualTo(start + profile.workingSetBytes());
            });
    long writes = ios.stream().filter(GuestIo.Write.class::isInstance).count();
    long turns = Duration.ofHours(1).dividedBy(profile.interval());
    assertThat(writes)
        .isBetween((turns - 1) * profile.writesPerTurn(), (turns + 1) * profile.writesPerTurn());
  }

  @Test
  void logWriterTrimsAPartBeforeItWritesThereAgain() {
    List<GuestIo> ios = hour(WorkloadProfile.LOG_WRITER, 1, SECOND);
    long trims = ios.stream().filter(GuestIo.Trim.class::isInstance).count();

    // 1024 records fill the ring of a disk, so 3600 records lap the rings of two disks 0.75 times
    // each beyond the first.
    assertThat(trims).isBetween(6L, 8L);
    for (int i = 0; i < ios.size(); i++) {
      if (ios.get(i) instanceof GuestIo.Trim trim) {
        assertThat(trim.lengthBytes()).isEqualTo(WorkloadProfile.LOG_WRITER.workingSetBytes() / 4);
        assertThat(ios.get(i + 1).offsetBytes()).isEqualTo(trim.offsetBytes());
      }
    }
  }

  @Test
  void guestThatWasHeldUpDoesNotCatchUpWithAll() {
    GuestWorkload workload = GuestWorkload.steady(WorkloadProfile.DATABASE, List.of(GIB), 3);
    workload.takeDue(SECOND);

    List<GuestIo> late = workload.takeDue(3600 * SECOND);

    assertThat(late).hasSize(SteadyWorkload.MAX_TURNS * 16);
    assertThat(workload.nextDueNanos()).isBetween(3600 * SECOND, 3601 * SECOND);
    assertThat(workload.takeDue(3600 * SECOND)).isEmpty();
  }

  @Test
  void diskSmallerThanAWriteIsLeftAlone() {
    GuestWorkload workload = GuestWorkload.steady(WorkloadProfile.DATABASE, List.of(4096L), 3);

    assertThat(workload.takeDue(10 * SECOND)).isEmpty();
    assertThat(workload.nextDueNanos()).isGreaterThan(10 * SECOND);
  }

  @Test
  void profileOutOfBoundsSaysWhatIsAllowed() {
    assertThatThrownBy(() -> WorkloadProfile.named("busy"))
        .hasMessage("no workload 'busy'; allowed: idle, database, log-writer");
    assertThatThrownBy(
            () ->
                new WorkloadProfile(
                    "x",
                    Duration.ofMillis(100),
                    100,
                    1 << 20,
                    1 << 20,
                    WorkloadProfile.Pattern.RANDOM))
        .hasMessageContaining("allowed: 67108864 bytes per second");
  }

  @Test
  void refusedTrimIsNotSentAgainBeforeTheNextStart() {
    TrimManners manners = new TrimManners(2);
    manners.refused(1);

    assertThat(manners.asks(0)).isTrue();
    assertThat(manners.asks(1)).isFalse();
    assertThat(new TrimManners(2).asks(1)).isTrue();
  }
}
