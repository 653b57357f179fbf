/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.facsim.hypervisor.mover.Verification.Mismatch;
import org.junit.jupiter.api.Test;

class ExpectationTest {
  private static final long DISK = 1 << 20;

  private static CaseResult offloaded(long written, long cloneUsed, long added, long compared) {
    return new CaseResult(
        "windows-7-hot",
        "Windows 7",
        true,
        "file-system",
        1,
        1,
        "array-offload",
        "",
        0,
        written,
        DISK,
        cloneUsed,
        added,
        1,
        compared,
        Optional.empty(),
        List.of());
  }

  private static CaseResult copied(long read, long written, long cloneUsed, long added) {
    return new CaseResult(
        "windows-2008r2-hot",
        "Windows 2008 R2",
        true,
        "application",
        1,
        2,
        "host-copy",
        "",
        read,
        written,
        DISK,
        cloneUsed,
        added,
        1,
        DISK,
        Optional.empty(),
        List.of());
  }

  private static List<String> deviations(CaseResult result) {
    return Expectation.deviations(result, DISK, DISK);
  }

  @Test
  void everyCaseHasAnExpectation() {
    for (DemoCase each : DemoCase.ALL) {
      CaseResult nothing =
          new CaseResult(
              each.name(),
              "",
              false,
              "",
              0,
              0,
              "",
              "",
              0,
              0,
              0,
              0,
              0,
              0,
              0,
              Optional.empty(),
              List.of());
      assertThat(deviations(nothing)).as(each.name()).isNotEmpty();
    }
  }

  @Test
  void anOffloadedCloneMovesNothingAndAddsLessThan64KiB() {
    assertThat(deviations(offloaded(0, 65535, 65535, DISK))).isEmpty();
    assertThat(deviations(offloaded(1, 0, 0, DISK))).hasSize(1).first().asString().contains("NFS");
    assertThat(deviations(offloaded(0, 65536, 0, DISK))).hasSize(1);
    assertThat(deviations(offloaded(0, 0, 65536, DISK))).hasSize(1);
  }

  @Test
  void aCopiedCloneMovesAndUsesAtLeastWhatTheGuestWrote() {
    assertThat(deviations(copied(DISK, DISK, DISK, DISK))).isEmpty();
    assertThat(deviations(copied(DISK - 1, DISK, DISK, DISK))).hasSize(1);
    assertThat(deviations(copied(DISK, DISK - 1, DISK, DISK))).hasSize(1);
    assertThat(deviations(copied(DISK, DISK, DISK - 1, DISK))).hasSize(1);
    assertThat(deviations(copied(DISK, DISK, DISK, DISK - 1))).hasSize(1);
  }

  @Test
  void whatTheTaskSaysOfItselfDoesNotHideWhatTheWireSaw() {
    CaseResult liar = copied(0, 0, 0, 0);
    assertThat(liar.clonedBy()).isEqualTo("host-copy");
    assertThat(deviations(liar)).hasSize(4);
  }

  @Test
  void wrongContentsAndTooSmallASampleDeviate() {
    assertThat(deviations(offloaded(0, 0, 0, DISK - 1))).hasSize(1);
    CaseResult good = offloaded(0, 0, 0, DISK);
    CaseResult different =
        new CaseResult(
            good.name(),
            good.guest(),
            good.poweredOn(),
            good.quiescing(),
            good.snapshotsTaken(),
            good.redoLogsPerDisk(),
            good.clonedBy(),
            good.reason(),
            good.nfsReadBytes(),
            good.nfsWriteBytesToDestination(),
            good.sourceUsedBytes(),
            good.cloneUsedBytes(),
            good.addedPhysicalBytes(),
            good.elapsedMillis(),
            good.contentsVerifiedBytes(),
            Optional.of(new Mismatch(4096, 1, 2)),
            List.of());
    assertThat(deviations(different)).hasSize(1).first().asString().contains("differ at 4096");
  }
}
