/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.services.access.Grant;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.CloneReport;
import org.facsim.services.explain.Explanations;
import org.facsim.services.explain.Precondition;
import org.facsim.services.offload.ArrayProfile.Availability;
import org.junit.jupiter.api.Test;

/** CLONE and COPY of NFSv4.2 pass the table of jobs, the counters, the listener and the reports. */
class RangeClonesTest extends OffloadScenarios {
  private final List<Runnable> stalled = new ArrayList<>();

  private Initiator nfs() {
    Grant grant = grant("/one", Caller.ROOT);
    return new Initiator(HOST, Dialect.NFS4, grant.of(copy));
  }

  private CompletableFuture<Mutation> clone(Inode from, long fromBlock, long toBlock, long blocks) {
    Initiator initiator = nfs();
    Grant sourceGrant =
        grant(from.volume() == lab.volume() ? "/one" : "/two", Caller.ROOT).of(from);
    return engine.cloneRange(
        new RangeOrder(
            initiator,
            sourceGrant,
            null,
            fromBlock * BLOCK,
            toBlock * BLOCK,
            blocks * BLOCK,
            RangeOrder.report(initiator, sourceGrant, "CLONE")));
  }

  private void fault(long rate, int stall, int fail) {
    CloneFault fault =
        new CloneFault("a test", rate, 1, stall, fail, OffloadError.NO_SPACE, stalled::add);
    engine.cloneFaults(job -> Optional.of(fault));
  }

  private Explanations explanations() {
    return engine.explanations();
  }

  private CloneReport report() {
    FileHandle handle = copy.handle();
    return explanations().lastInto(handle).orElseThrow();
  }

  private byte[] blockOf(Inode file, int block) {
    ByteBuffer read = ByteBuffer.allocate(BLOCK);
    file.volume().files().read(Caller.ROOT, file, (long) block * BLOCK, read);
    return read.array();
  }

  private long counted(OffloadCounter counter) {
    return engine.statistics().total("one", counter);
  }

  @Test
  void aRangeIsClonedAtOnceCountedToldAndExplained() {
    Mutation made = OffloadLab.await(clone(source, 2, 1, 4));
    assertThat(made.after().sizeBytes()).isEqualTo(5L * BLOCK);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
    for (int block = 1; block < 5; block++) {
      assertThat(blockOf(copy, block)).isEqualTo(blockOf(source, block + 1));
    }
    assertThat(counted(OffloadCounter.NFS_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(counted(OffloadCounter.FULL_CLONE_SUCCESS)).isZero();
    assertThat(counted(OffloadCounter.BYTES_CLONED)).isEqualTo(4L * BLOCK);
    assertThat(counted(OffloadCounter.BYTES_SAVED)).isEqualTo(4L * BLOCK);
    assertThat(lab.changes())
        .extracting(CloneJobListener.Change::to)
        .containsExactly(JobState.RUNNING, JobState.SUCCEEDED);
    CloneReport report = report();
    assertThat(report.outcome()).isEqualTo(CloneOutcome.SHARED);
    assertThat(report.request().dialect()).isEqualTo("nfs4");
    assertThat(report.request().kind()).isEqualTo("CLONE of NFSv4.2");
    assertThat(report.destinationPath()).isEqualTo("/one/copy");
    assertThat(report.sharedBytes()).isEqualTo(4L * BLOCK);
    assertThat(report.cost().destinationAfter().orElseThrow().logicalBytes()).isEqualTo(5L * BLOCK);
    assertThat(engine.job(report.jobId()).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(engine.jobs()).as("nobody waited for it").isEmpty();
  }

  @Test
  void holesOfTheRangeSaveNothing() {
    Inode sparse = lab.makeFile(lab.volume(), "sparse", 0644);
    lab.write(sparse, 5, 9);
    lab.setSize(sparse, 8L * BLOCK);
    OffloadLab.await(clone(sparse, 0, 0, 0));
    assertThat(counted(OffloadCounter.BYTES_CLONED)).isEqualTo(8L * BLOCK);
    assertThat(counted(OffloadCounter.BYTES_SAVED)).isEqualTo(BLOCK);
    assertThat(report().cost().destinationAfter().orElseThrow().exclusiveBytes())
        .isEqualTo(OptionalLong.of(0));
  }

  /** NFSv4.2 has CLONE whether an array offers VAAI or not. */
  @Test
  void neitherAProfileNorTheRuleForVaaiRefusesIt() {
    lab.profiles()
        .set("one", NamedProfiles.SHARING.draft().availability(Availability.OFF).freeze());
    lab.exports().refuseVaai("/one");
    assertThat(clone(source, 0, 0, 1)).isCompleted();
    assertThat(report().outcome()).isEqualTo(CloneOutcome.SHARED);
  }

  @Test
  void whatTheArrayRefusesHasChangedNothingAndIsExplained() {
    CompletableFuture<Mutation> beyond = clone(source, 8, 0, 3);
    assertThat(beyond).isCompletedExceptionally();
    assertThatThrownBy(beyond::join)
        .cause()
        .isInstanceOfSatisfying(
            OffloadFailure.class,
            failure -> assertThat(failure.error()).isEqualTo(OffloadError.INVALID_ARGUMENT));
    assertThat(copy.attributes().sizeBytes()).isEqualTo(3L * BLOCK);
    assertThat(counted(OffloadCounter.NFS_CLONE_FAILURE)).isEqualTo(1);
    assertThat(report().outcome()).isEqualTo(CloneOutcome.FAILED);
    assertThat(report().reason()).contains("the source ends at");
  }

  @Test
  void volumesShareNoBlocks() {
    Inode elsewhere = lab.makeFile(lab.otherVolume(), "elsewhere", 0644);
    assertThatThrownBy(() -> clone(elsewhere, 0, 0, 0))
        .isInstanceOfSatisfying(
            OffloadFailure.class,
            failure -> assertThat(failure.error()).isEqualTo(OffloadError.CROSS_VOLUME));
    assertThat(report().firstFailed()).contains(Precondition.OFFERED);
  }

  @Test
  void aFaultMakesTheCloneTakeTimeAndKeepsOthersAway() {
    fault(BLOCK, CloneFault.NEVER, CloneFault.NEVER);
    CompletableFuture<Mutation> clone = clone(source, 0, 0, 10);
    lab.passSeconds(5);
    assertThat(clone).isNotDone();
    assertThat(engine.jobs()).singleElement().extracting(ListedJob::client).isEqualTo(HOST);
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
    assertThatThrownBy(() -> engine.startClone(order(SOURCE, COPY)))
        .isInstanceOfSatisfying(
            OffloadFailure.class,
            failure -> assertThat(failure.error()).isEqualTo(OffloadError.BUSY));
    assertThatThrownBy(() -> clone(source, 0, 5, 1)).isInstanceOf(OffloadFailure.class);
    lab.passSeconds(10);
    assertThat(clone).isCompleted();
    assertThat(lab.seedAt(copy, 9)).isEqualTo(1);
    engine.cloneFaults(CloneFaults.NONE);
    assertThat(clone(source, 0, 0, 10)).as("the destination is free").isCompleted();
  }

  @Test
  void aCloneThatFailsOnItsWayHasChangedNothing() {
    fault(BLOCK, CloneFault.NEVER, 50);
    CompletableFuture<Mutation> clone = clone(source, 0, 0, 10);
    lab.passSeconds(100);
    assertThatThrownBy(clone::join)
        .cause()
        .isInstanceOfSatisfying(
            OffloadFailure.class,
            failure -> assertThat(failure.error()).isEqualTo(OffloadError.NO_SPACE));
    assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
    assertThat(report().firstFailed()).contains(Precondition.FAULT);
  }

  @Test
  void aStalledCloneIsAbortedAndARestoredArrayLosesIt() {
    fault(0, 50, CloneFault.NEVER);
    CompletableFuture<Mutation> aborted = clone(source, 0, 0, 10);
    lab.passSeconds(1);
    engine.abort(report().jobId(), Caller.ROOT, "by a test");
    assertThat(aborted).isCompletedExceptionally();
    lab.array().saveState("before");
    CompletableFuture<Mutation> lost = clone(source, 0, 0, 10);
    lab.passSeconds(1);
    lab.array().restoreState("before");
    assertThat(lost).isCompletedExceptionally();
    assertThat(report().outcome()).isEqualTo(CloneOutcome.LOST);
  }

  /** A copy inside the array takes the destination; a client of NFS is told to ask again. */
  @Test
  void aCopyThatIsUnderWayIsNotDisturbed() {
    lab.profiles().set("one", SLOW);
    StartedClone copying = engine.startClone(order(SOURCE, COPY));
    assertThatThrownBy(() -> clone(source, 0, 0, 1))
        .isInstanceOfSatisfying(
            OffloadFailure.class,
            failure -> assertThat(failure.error()).isEqualTo(OffloadError.BUSY));
    lab.passSeconds(20);
    assertThat(copying.end().join().state()).isEqualTo(JobState.SUCCEEDED);
  }
}
