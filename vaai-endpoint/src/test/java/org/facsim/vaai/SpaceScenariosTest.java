/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.ReserveCall;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.StatxCall;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.OffloadCounter;
import org.junit.jupiter.api.Test;

/** Reservations, statistics and what clones leave: one test per numbered scenario. */
final class SpaceScenariosTest extends EndpointScenarios {
  @Test
  void scenario31_reserveIsAnsweredOkAndTheFileStaysThin() {
    profile("reserve-ignored");
    assertThat(supports(VaaiPrimitive.RESERVE_SPACE)).isTrue();
    assertThat(reserve(ReserveMode.EAGER_ZEROED, 1 << 20).value().reservedBytes()).isZero();
    assertThat(lab.volume().space().of(copy).reservedBytes()).isZero();
    assertCopyIsUntouched();
  }

  @Test
  void scenario32_aReservationBeyondTheFreeSpaceIsDiskFull() {
    long counter = copy.attributes().changeCounter();
    for (ReserveMode mode : ReserveMode.values()) {
      assertThat(reserve(mode, VaaiLab.VOLUME_BYTES + BLOCK).status()).isEqualTo(VaaiStatus.NOSPC);
    }
    assertThat(copy.attributes().changeCounter()).isEqualTo(counter);
    assertCopyIsUntouched();
  }

  @Test
  void scenario33_statisticsThatDisagreeWithGetattr() {
    profile("net-statistics");
    assertThat(cloneNow(SOURCE, COPY, 0).isOk()).isTrue();
    var statistics = VaaiWire.await(lab.client().statistics(new StatxCall(session, COPY))).value();
    assertThat(statistics.allocatedBytes()).isZero();
    assertThat(copy.attributes().usedBytes()).isEqualTo(10L * BLOCK); // what GETATTR says
  }

  @Test
  void scenario37_aCloneOutlivesItsSourceAndKeepsTheSnapshotUntilItIsGone() {
    profile("snapshot-kept");
    assertThat(cloneNow(SOURCE, COPY, 0).isOk()).isTrue();
    assertThat(cloneNow(SOURCE, VaaiFile.byPath("lazy"), CloneFlags.LAZY).isOk()).isTrue();
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("source"));
    assertThat(lab.volume().snapshots().all()).hasSize(1);
    assertThat(lab.seedAt(copy, 9)).isEqualTo(1);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("copy"));
    assertThat(lab.volume().snapshots().all()).hasSize(1);
    assertThat(lab.seedAt(lab.lookup("lazy"), 9)).isEqualTo(1);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("lazy"));
    assertThat(lab.volume().snapshots().all()).isEmpty();
    lab.array().awaitReclaim();
    assertThat(lab.volume().space().ofVolume().physicalUsedBytes()).isZero();
  }

  @Test
  void scenario38_withHolePunchingOffACloneOfAThinDiskIsThick() {
    profile("thick");
    lab.setSize(source, 100L * BLOCK);
    CloneJob job = cloneNow(SOURCE, COPY, 0).value();
    lab.passSeconds(5);
    CloneJob last = status(job.jobId());
    assertThat(last.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(last.sharedBytes()).isEqualTo(10L * BLOCK);
    assertThat(last.copiedBytes()).isEqualTo(90L * BLOCK);
    assertThat(copy.attributes().usedBytes()).isEqualTo(100L * BLOCK);
    assertThat(lab.volume().space().of(copy).exclusiveBytes()).isEqualTo(90L * BLOCK);
    assertThat(lab.seedAt(copy, 9)).isEqualTo(1);
    assertThat(lab.seedAt(copy, 50)).isEqualTo(-1);
    assertThat(source.attributes().usedBytes()).isEqualTo(10L * BLOCK);
  }

  @Test
  void aLazyReservationPromisesAndAnEagerOneStoresZeros() {
    assertThat(reserve(ReserveMode.LAZY_ZEROED, 10L * BLOCK).value().reservedBytes())
        .isEqualTo(10L * BLOCK);
    assertThat(lab.volume().space().of(copy).reservedBytes()).isEqualTo(7L * BLOCK);
    assertThat(copy.attributes().sizeBytes()).isEqualTo(10L * BLOCK);
    assertThat(reserve(ReserveMode.EAGER_ZEROED, 100L << 20).value().reservedBytes())
        .isEqualTo(100L << 20);
    assertThat(lab.volume().space().of(copy).reservedBytes()).isZero();
    assertThat(copy.attributes().usedBytes()).isEqualTo(100L << 20);
    assertThat(lab.seedAt(copy, 2)).isEqualTo(2);
    assertThat(lab.seedAt(copy, 20_000)).isEqualTo(-1);
    assertThat(lab.engine().statistics().total("one", OffloadCounter.RESERVE_SPACE_SUCCESS))
        .isEqualTo(2);
  }

  @Test
  void aReservationIsExecutedOnce() {
    ReserveCall call = lab.reserve(session, COPY, ReserveMode.LAZY_ZEROED, 10L * BLOCK);
    assertThat(VaaiWire.await(lab.client().reserveSpace(call)).isOk()).isTrue();
    lab.setSize(copy, BLOCK);
    assertThat(VaaiWire.await(lab.client().reserveSpace(call)).isOk()).isTrue();
    assertThat(copy.attributes().sizeBytes()).isEqualTo(BLOCK);
    assertThat(lab.scheduler().waiting()).isZero();
    lab.scheduler().pass(Duration.ofSeconds(1));
  }

  @Test
  void reservationsAreRefusedLikeWrites() {
    assertThat(reserve(ReserveMode.LAZY_ZEROED, 1L << 60).status()).isEqualTo(VaaiStatus.FBIG);
    var strangers =
        lab.clientOf(1000).reserveSpace(lab.reserve(session, COPY, ReserveMode.LAZY_ZEROED, 0));
    assertThat(VaaiWire.await(strangers).status()).isEqualTo(VaaiStatus.ACCESS);
    profile("no-reserve");
    assertThat(reserve(ReserveMode.LAZY_ZEROED, 0))
        .isEqualTo(VaaiReply.failed(VaaiStatus.NOTSUPP, "this array does not reserve space"));
    lab.exports().makeReadOnly("/one");
    assertThat(reserve(ReserveMode.LAZY_ZEROED, 0).status()).isEqualTo(VaaiStatus.ROFS);
    assertThat(lab.engine().statistics().total("one", OffloadCounter.RESERVE_SPACE_FAILURE))
        .isEqualTo(4);
    assertCopyIsUntouched();
  }

  private long reservedBlocks() {
    return lab.volume().space().of(copy).reservedBytes() / BLOCK;
  }

  /**
   * A first overwrite of a shared block takes a new one, which must be there as it was promised.
   */
  @Test
  void aCloneThatSharesKeepsTheDestinationsReservationWhole() {
    assertThat(reserve(ReserveMode.LAZY_ZEROED, 20L * BLOCK).isOk()).isTrue();
    lab.setSize(source, 30L * BLOCK);
    assertThat(reservedBlocks()).isEqualTo(17); // 3 are mapped
    assertThat(cloneNow(SOURCE, COPY, 0).isOk()).isTrue();
    assertThat(reservedBlocks()).isEqualTo(17);
    assertThat(reserve(ReserveMode.LAZY_ZEROED, 0).value().reservedBytes()).isEqualTo(30L * BLOCK);
    assertThat(reservedBlocks()).isEqualTo(30);
    lab.setSize(source, 5L * BLOCK);
    assertThat(cloneNow(SOURCE, COPY, 0).isOk()).isTrue();
    assertThat(reservedBlocks()).as("nothing is promised beyond the end").isEqualTo(5);
  }

  @Test
  void aCopyNeedsItsSpaceBesideTheDestinationsReservation() {
    slowCopies();
    assertThat(reserve(ReserveMode.LAZY_ZEROED, 20L * BLOCK).isOk()).isTrue();
    Inode filler = lab.makeFile(lab.volume(), "filler", 0644);
    lab.array().resizeVolume(lab.volume(), 1 << 20);
    long free = lab.volume().space().ofVolume().freeBytes() / BLOCK;
    assertThat(free).isEqualTo(256 - 10 - 20);
    for (int block = 0; block < free - 9; block++) {
      lab.write(filler, block, 5);
    }
    assertThat(cloneNow(SOURCE, COPY, 0))
        .isEqualTo(
            VaaiReply.failed(VaaiStatus.NOSPC, "the clone takes 40960 bytes, 36864 are free"));
    lab.setSize(filler, (free - 10) * BLOCK);
    lab.array().awaitReclaim();
    CloneJob job = cloneNow(SOURCE, COPY, 0).value();
    lab.passSeconds(8);
    assertThat(reservedBlocks()).as("the host may still write all of it").isEqualTo(17);
    lab.passSeconds(5);
    assertThat(status(job.jobId()).state()).isEqualTo(JobState.SUCCEEDED);
    lab.array().awaitReclaim();
    assertThat(lab.volume().space().of(copy).exclusiveBytes()).isEqualTo(10L * BLOCK);
    assertThat(reservedBlocks()).as("nothing beyond the new end").isZero();
    assertThat(lab.volume().space().ofVolume().freeBytes()).isEqualTo(20L * BLOCK);
  }
}
