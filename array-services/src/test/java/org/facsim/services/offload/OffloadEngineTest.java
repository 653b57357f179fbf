/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.junit.jupiter.api.Test;

/** What the array does for hosts, asked without any wire. */
final class OffloadEngineTest extends OffloadScenarios {
  @Test
  void aFullCloneSharesEveryBlockAndEachFileGoesItsOwnWayAfterwards() {
    JobSnapshot job = OffloadLab.await(engine.startClone(order(SOURCE, COPY)).answer());

    assertThat(job)
        .isEqualTo(
            new JobSnapshot(
                job.jobId(),
                JobState.SUCCEEDED,
                Optional.empty(),
                "blocks shared",
                (long) BLOCKS * BLOCK,
                (long) BLOCKS * BLOCK,
                (long) BLOCKS * BLOCK,
                0,
                Optional.of(copy.handle())));
    assertThat(lab.volume().space().of(copy).sharedBytes()).isEqualTo((long) BLOCKS * BLOCK);
    lab.write(copy, 0, 7);
    lab.write(source, 9, 8);
    assertThat(lab.seedAt(source, 0)).isEqualTo(1);
    assertThat(lab.seedAt(copy, 9)).isEqualTo(1);
    assertThat(engine.job(job.jobId())).isEqualTo(job);
    assertThat(engine.lastJobInto(copy.handle())).contains(job);
  }

  @Test
  void aLazyCloneMakesItsDestination() {
    FileRef lazy = FileRef.byEntry(lab.volume().root().handle().toBytes(), "lazy");
    JobSnapshot job =
        OffloadLab.await(engine.startClone(order(SOURCE, lazy, CloneOption.LAZY)).answer());
    Inode made = lab.lookup("lazy");
    assertThat(job.destination()).contains(made.handle());
    assertThat(lab.seedAt(made, 9)).isEqualTo(1);
  }

  /** What a grant is on is taken as it is, also where its name is another's by now. */
  @Test
  void aFileThatWasGrantedIsNotLookedForAgain() {
    CloneOrder order =
        new CloneOrder(
            new Initiator(
                HOST,
                Dialect.OPENSDS,
                lab.exports().grants().toFile(copy.handle(), host(), Caller.ROOT)),
            lab.exports().grants().toFile(source.handle(), host(), Caller.ROOT),
            FileRef.granted(),
            FileRef.granted(),
            CloneOptions.NONE,
            Duration.ZERO);
    assertThat(OffloadLab.await(engine.startClone(order).answer()).destination())
        .contains(copy.handle());
    Initiator inRoot =
        new Initiator(
            HOST,
            Dialect.OPENSDS,
            lab.exports().grants().toFile(lab.volume().root().handle(), host(), Caller.ROOT));
    CloneOrder lazy =
        CloneOrder.within(
            inRoot, SOURCE, FileRef.inGranted(new byte[] {'l'}), CloneOptions.of(CloneOption.LAZY));
    OffloadLab.await(engine.startClone(lazy).answer());
    assertThat(lab.seedAt(lab.lookup("l"), 9)).isEqualTo(1);
  }

  @Test
  void aCopyRunsAtItsRateAndChangesNothingBeforeItsEnd() {
    lab.profiles().set("one", SLOW);
    StartedClone clone = engine.startClone(order(SOURCE, COPY));
    assertThat(OffloadLab.await(clone.answer()).state()).isEqualTo(JobState.RUNNING);
    lab.passSeconds(5);
    assertThat(engine.job(clone.jobId()).doneBytes()).isBetween(4L * BLOCK, 6L * BLOCK);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
    lab.passSeconds(20);
    assertThat(OffloadLab.await(clone.end()).copiedBytes()).isEqualTo((long) BLOCKS * BLOCK);
    assertThat(lab.seedAt(copy, 9)).isEqualTo(1);
    assertThat(lab.volume().space().of(copy).sharedBytes()).isZero();
    assertThat(lab.changes())
        .extracting(CloneJobListener.Change::to)
        .containsExactly(JobState.RUNNING, JobState.SUCCEEDED);
  }

  @Test
  void anAbortedCopyLeavesNothing() {
    lab.profiles().set("one", SLOW);
    long jobId = engine.startClone(order(SOURCE, COPY)).jobId();
    lab.passSeconds(5);
    JobSnapshot aborted = engine.abort(jobId, Caller.ROOT, "by a test");
    assertThat(aborted.error()).contains(OffloadError.ABORTED);
    assertThat(aborted.reason()).isEqualTo("by a test");
    lab.passSeconds(20);
    assertThat(engine.job(jobId)).isEqualTo(aborted);
    assertThat(lab.seedAt(copy, 2)).isEqualTo(2);
    lab.array().awaitReclaim();
    assertThat(lab.volume().space().ofVolume().physicalUsedBytes())
        .isEqualTo((BLOCKS + 3L) * BLOCK);
  }

  @Test
  void aDryRunMakesNoJobAndIsNotCounted() {
    StartedClone dry = engine.startClone(order(SOURCE, COPY, CloneOption.DRY_RUN));
    JobSnapshot found = OffloadLab.await(dry.answer());
    assertThat(dry.jobId()).isZero();
    assertThat(found.state()).isEqualTo(JobState.NONE);
    assertThat(found.destination()).isEmpty();
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
    assertThat(engine.statistics().read()).isEmpty();
  }

  @Test
  void aCloneFromAnotherVolumeIsCopied() {
    Inode far = lab.makeFile(lab.otherVolume(), "far", 0644);
    lab.write(far, 0, 5);
    StartedClone clone =
        engine.startClone(across(FileRef.byPath("far"), COPY, CloneOption.OTHER_VOLUME));
    lab.passSeconds(30);
    assertThat(OffloadLab.await(clone.end()).copiedBytes()).isEqualTo(BLOCK);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(5);
  }

  @Test
  void countersAndLatenciesAreOfVolumeAndHost() {
    OffloadLab.await(engine.startClone(order(SOURCE, COPY)).answer());
    engine.extendedStatistics(root(), COPY);
    OffloadStatistics.Reading reading = engine.statistics().read().get(0);
    assertThat(reading.volume()).isEqualTo("one");
    assertThat(reading.client()).isEqualTo(HOST);
    assertThat(reading.value(OffloadCounter.FULL_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(reading.value(OffloadCounter.BYTES_SAVED)).isEqualTo((long) BLOCKS * BLOCK);
    assertThat(reading.latency(OffloadStatistics.Timed.FULL_CLONE).count()).isEqualTo(1);
    assertThat(reading.latency(OffloadStatistics.Timed.EXT_STATS).count()).isEqualTo(1);
  }

  @Test
  void spaceIsToldInTheLedgersFigures() {
    OffloadLab.await(engine.startClone(order(SOURCE, COPY)).answer());
    lab.write(copy, 0, 7);
    assertThat(engine.extendedStatistics(root(), COPY))
        .isEqualTo(
            new SpaceUse(
                (long) BLOCKS * BLOCK,
                (long) BLOCKS * BLOCK,
                BLOCK,
                (BLOCKS - 1L) * BLOCK,
                0,
                BLOCK));
  }

  @Test
  void aReservationHoldsSpaceAndAnEagerOneStoresZeros() {
    ReservedSpace lazily =
        OffloadLab.await(engine.reserveSpace(root(), COPY, ReserveMode.LAZY_ZEROED, 8L * BLOCK));
    assertThat(lazily.reservedBytes()).isEqualTo(8L * BLOCK);
    assertThat(lab.volume().space().of(copy).reservedBytes()).isEqualTo(5L * BLOCK);
    var eagerly = engine.reserveSpace(root(), COPY, ReserveMode.EAGER_ZEROED, 8L * BLOCK);
    lab.runSteps(eagerly);
    assertThat(OffloadLab.await(eagerly).reservedBytes()).isEqualTo(8L * BLOCK);
    assertThat(lab.volume().space().of(copy).reservedBytes()).isZero();
    assertThat(lab.seedAt(copy, 7)).isEqualTo(-1);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
  }

  @Test
  void supportSaysWhichOptionsAPrimitiveTakes() {
    Set<CloneOption> checks = EnumSet.of(CloneOption.DRY_RUN, CloneOption.GUARDED);
    assertThat(engine.support(root(), Primitive.FULL_CLONE)).isEqualTo(Support.yes(checks));
    for (Primitive each : List.of(Primitive.EXTENDED_STATISTICS, Primitive.RESERVE_SPACE)) {
      assertThat(engine.support(root(), each)).isEqualTo(Support.yes(Set.of()));
    }
    assertThat(engine.support(root(), Primitive.FAST_CLONE).options())
        .contains(CloneOption.LAZY)
        .containsAll(checks);
    assertThat(engine.support(root(), Primitive.CLONE_ACROSS_VOLUMES).options())
        .contains(CloneOption.OTHER_VOLUME)
        .containsAll(checks);
    profile("no-reserve");
    assertThat(engine.support(root(), Primitive.RESERVE_SPACE))
        .isEqualTo(Support.no("this array does not reserve space"));
  }

  @Test
  void aReasonIsShortenedToWhatEveryDoorCanPassOn() {
    String longest = "ä".repeat(127) + "b";
    assertThat(new OffloadFailure(OffloadError.BUSY, longest)).hasMessage(longest);
    assertThat(new OffloadFailure(OffloadError.BUSY, longest + "c").getMessage())
        .isEqualTo(longest);
    assertThat(new OffloadFailure(OffloadError.BUSY, "😀".repeat(64)).getMessage())
        .isEqualTo("😀".repeat(63));
  }
}
