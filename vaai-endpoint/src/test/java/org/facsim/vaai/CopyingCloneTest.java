/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.ArrayProfile.WhenBusy;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadCounter;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadStatistics.Timed;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clones that take time: one block a second, and the test's clock. */
final class CopyingCloneTest {
  private static final int BLOCK = VaaiLab.BLOCK;
  private static final int BLOCKS = 10;
  private static final VaaiFile SOURCE = VaaiFile.byPath("source");
  private static final VaaiFile COPY = VaaiFile.byPath("copy");
  private static final ArrayProfile SLOW =
      NamedProfiles.SHARING.draft().fullClone(FullClone.COPY).copyBytesPerSecond(BLOCK).freeze();

  private VaaiLab lab;
  private SessionId session;
  private Inode source;
  private Inode copy;

  @BeforeEach
  void start() {
    lab = new VaaiLab();
    lab.profiles().set("one", SLOW);
    session = lab.session("/one");
    source = lab.makeFile("source", 1, BLOCKS);
    copy = lab.makeFile("copy", 2, 3);
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private CloneJob begin() {
    CloneJob job =
        VaaiWire.await(lab.client().cloneFile(lab.clone(session, SOURCE, COPY, 0))).value();
    assertThat(job.state()).isEqualTo(JobState.RUNNING);
    return job;
  }

  private CloneJob status(long jobId) {
    return VaaiWire.await(lab.client().cloneStatus(new JobCall(session, jobId))).value();
  }

  private void assertDestinationIsAsItWas() {
    assertThat(copy.attributes().sizeBytes()).isEqualTo(3L * BLOCK);
    for (int block = 0; block < 3; block++) {
      assertThat(lab.seedAt(copy, block)).isEqualTo(2);
    }
    lab.array().awaitReclaim();
    assertThat(lab.array().physicalUsedBytes()).isEqualTo((BLOCKS + 3L) * BLOCK);
    assertThat(lab.volume().space().ofVolume().inodes()).isEqualTo(3);
  }

  private void assertDestinationIsTheClone() {
    assertThat(copy.attributes().sizeBytes()).isEqualTo((long) BLOCKS * BLOCK);
    for (int block = 0; block < BLOCKS; block++) {
      assertThat(lab.seedAt(copy, block)).isEqualTo(1);
    }
    lab.array().awaitReclaim();
    assertThat(lab.volume().space().of(copy).chargedBytes()).isEqualTo((long) BLOCKS * BLOCK);
    assertThat(lab.volume().space().of(copy).sharedBytes()).isZero();
  }

  @Test
  void theDestinationIsTheOldFileUntilItIsTheWholeClone() {
    CloneJob job = begin();
    assertThat(job.totalBytes()).isEqualTo((long) BLOCKS * BLOCK);
    assertThat(job.destination().toBytes()).isEqualTo(copy.handle().toBytes());
    List<Long> done = new ArrayList<>();
    for (int second = 1; second < BLOCKS; second++) {
      lab.passSeconds(1);
      assertThat(lab.seedAt(copy, 0)).isEqualTo(2);
      done.add(status(job.jobId()).doneBytes() / BLOCK);
    }
    assertThat(done).isSorted().doesNotHaveDuplicates().endsWith((long) BLOCKS);
    lab.passSeconds(1);
    CloneJob last = status(job.jobId());
    assertThat(last.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(last.doneBytes()).isEqualTo(last.totalBytes());
    assertThat(last.copiedBytes()).isEqualTo(last.totalBytes());
    assertThat(last.sharedBytes()).isZero();
    assertDestinationIsTheClone();
    var reading = lab.engine().statistics().read().get(0);
    assertThat(reading.value(OffloadCounter.FULL_CLONE_SUCCESS)).isEqualTo(1);
    assertThat(reading.value(OffloadCounter.BYTES_COPIED)).isEqualTo((long) BLOCKS * BLOCK);
    assertThat(reading.value(OffloadCounter.BYTES_SAVED)).isZero();
    assertThat(reading.latency(Timed.FULL_CLONE).maxNanos())
        .isEqualTo(Duration.ofSeconds(BLOCKS).toNanos());
  }

  @Test
  void holesAreSkippedAndTakeNoTime() {
    lab.setSize(source, 1L << 30);
    CloneJob job = begin();
    lab.passSeconds(BLOCKS + 1);
    CloneJob last = status(job.jobId());
    assertThat(last.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(last.copiedBytes()).isEqualTo((long) BLOCKS * BLOCK);
    assertThat(copy.attributes().sizeBytes()).isEqualTo(1L << 30);
    assertThat(copy.attributes().usedBytes()).isEqualTo((long) BLOCKS * BLOCK);
  }

  @Test
  void anAbortGivesEverythingBack() {
    CloneJob job = begin();
    lab.passSeconds(4);
    CloneJob aborted =
        VaaiWire.await(lab.client().abortClone(new JobCall(session, job.jobId()))).value();
    assertThat(aborted.state()).isEqualTo(JobState.ABORTED);
    assertThat(aborted.outcome()).isEqualTo(VaaiStatus.ABORTED);
    assertThat(aborted.reason()).isEqualTo("aborted by the host");
    assertDestinationIsAsItWas();
    lab.passSeconds(100);
    assertThat(status(job.jobId())).isEqualTo(aborted);
    assertThat(VaaiWire.await(lab.client().abortClone(new JobCall(session, job.jobId()))).value())
        .isEqualTo(aborted);
    assertDestinationIsAsItWas();
    assertThat(lab.changes())
        .extracting(change -> change.to().name())
        .containsExactly("RUNNING", "ABORTED");
    assertThat(lab.engine().statistics().total("one", OffloadCounter.FULL_CLONE_FAILURE))
        .isEqualTo(1);
  }

  @Test
  void theEndOfItsSessionAbortsAJob() {
    begin();
    lab.passSeconds(4);
    assertThat(VaaiWire.await(lab.client().endSession(new SessionEndCall(session))).isOk())
        .isTrue();
    assertDestinationIsAsItWas();
  }

  @Test
  void whatHappensToTheSourceMeanwhileDoesNotMatter() {
    begin();
    lab.passSeconds(2);
    lab.write(source, 8, 7);
    lab.setSize(source, BLOCK);
    lab.volume()
        .names()
        .rename(
            Caller.ROOT,
            lab.volume().root(),
            Name.of("source"),
            lab.volume().root(),
            Name.of("renamed"));
    lab.passSeconds(2);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("renamed"));
    lab.passSeconds(20);
    assertDestinationIsTheClone();
  }

  @Test
  void aDestinationThatIsRenamedOrWrittenIsReplacedAllTheSame() {
    CloneJob job = begin();
    lab.passSeconds(2);
    lab.write(copy, 50, 9);
    lab.volume()
        .names()
        .rename(
            Caller.ROOT,
            lab.volume().root(),
            Name.of("copy"),
            lab.volume().root(),
            Name.of("renamed"));
    lab.passSeconds(20);
    assertThat(status(job.jobId()).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(lab.lookup("renamed")).isSameAs(copy);
    assertDestinationIsTheClone();
  }

  @Test
  void aDestinationThatIsRemovedFailsTheJob() {
    CloneJob job = begin();
    lab.passSeconds(2);
    lab.volume().names().remove(Caller.ROOT, lab.volume().root(), Name.of("copy"));
    lab.passSeconds(20);
    CloneJob last = status(job.jobId());
    assertThat(last.state()).isEqualTo(JobState.FAILED);
    assertThat(last.outcome()).isEqualTo(VaaiStatus.STALE);
    lab.array().awaitReclaim();
    assertThat(lab.array().physicalUsedBytes()).isEqualTo((long) BLOCKS * BLOCK);
    assertThat(lab.volume().space().ofVolume().inodes()).isEqualTo(2);
  }

  @Test
  void aVolumeThatIsDeletedFailsTheJob() {
    CloneJob job = begin();
    lab.passSeconds(2);
    lab.array().deleteVolume(lab.volume());
    lab.passSeconds(20);
    assertThat(lab.engine().job(job.jobId()).error()).contains(OffloadError.STALE);
  }

  @Test
  void aPermissionThatIsWithdrawnFailsTheJob() {
    lab.makeFile(lab.volume(), "open", 0666);
    CloneCall call = lab.clone(session, SOURCE, VaaiFile.byPath("open"), 0);
    CloneJob job = VaaiWire.await(lab.clientOf(1000).cloneFile(call)).value();
    lab.passSeconds(2);
    lab.volume()
        .attributes()
        .setAttributes(Caller.ROOT, lab.lookup("open"), AttributeChanges.ofMode(0644), null);
    lab.passSeconds(20);
    assertThat(status(job.jobId()).outcome()).isEqualTo(VaaiStatus.ACCESS);
    assertThat(lab.lookup("open").attributes().sizeBytes()).isZero();
  }

  @Test
  void aSecondCloneIntoTheSameFileIsBusyAndIntoAnotherIsNot() {
    begin();
    assertThat(VaaiWire.await(lab.client().cloneFile(lab.clone(session, SOURCE, COPY, 0))))
        .isEqualTo(
            VaaiReply.failed(VaaiStatus.BUSY, "another clone into the destination is under way"));
    assertThat(lab.status(lab.clone(session, SOURCE, COPY, CloneFlags.DRY_RUN)))
        .isEqualTo(VaaiStatus.BUSY);
    lab.makeFile(lab.volume(), "other", 0644);
    assertThat(lab.status(lab.clone(session, SOURCE, VaaiFile.byPath("other"), 0)))
        .isEqualTo(VaaiStatus.OK);
    lab.passSeconds(50);
    assertThat(lab.seedAt(lab.lookup("other"), 9)).isEqualTo(1);
    assertThat(lab.status(lab.clone(session, SOURCE, COPY, 0))).isEqualTo(VaaiStatus.OK);
  }

  @Test
  void clonesBeyondTheLimitWaitForTheirTurnOrAreRefused() {
    lab.profiles().set("one", SLOW.draft().maxConcurrentClones(1).maxQueuedClones(1).freeze());
    for (String name : List.of("b", "c", "d")) {
      lab.makeFile(lab.volume(), name, 0644);
    }
    CloneJob first = begin();
    CloneJob second =
        VaaiWire.await(lab.client().cloneFile(lab.clone(session, SOURCE, VaaiFile.byPath("b"), 0)))
            .value();
    assertThat(second.state()).isEqualTo(JobState.QUEUED);
    CloneCall third = lab.clone(session, SOURCE, VaaiFile.byPath("c"), 0);
    assertThat(VaaiWire.await(lab.client().cloneFile(third)))
        .isEqualTo(
            VaaiReply.failed(VaaiStatus.TOO_MANY_CLONES, "1 clones run on the volume and 1 wait"));
    lab.passSeconds(BLOCKS);
    assertThat(status(first.jobId()).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(status(second.jobId()).state()).isEqualTo(JobState.RUNNING);
    lab.passSeconds(BLOCKS + 1);
    assertThat(status(second.jobId()).state()).isEqualTo(JobState.SUCCEEDED);

    lab.profiles().set("one", SLOW.draft().maxConcurrentClones(1).whenBusy(WhenBusy.BUSY).freeze());
    begin();
    assertThat(lab.status(lab.clone(session, SOURCE, VaaiFile.byPath("d"), 0)))
        .isEqualTo(VaaiStatus.BUSY);
  }

  @Test
  void aJobThatIsAbortedInTheQueueDoesNotHoldUpTheNext() {
    lab.profiles().set("one", SLOW.draft().maxConcurrentClones(1).maxQueuedClones(2).freeze());
    lab.makeFile(lab.volume(), "b", 0644);
    lab.makeFile(lab.volume(), "c", 0644);
    begin();
    CloneCall b = lab.clone(session, SOURCE, VaaiFile.byPath("b"), 0);
    CloneCall c = lab.clone(session, SOURCE, VaaiFile.byPath("c"), 0);
    long waiting = VaaiWire.await(lab.client().cloneFile(b)).value().jobId();
    long last = VaaiWire.await(lab.client().cloneFile(c)).value().jobId();
    assertThat(VaaiWire.await(lab.client().abortClone(new JobCall(session, waiting))).value())
        .returns(JobState.ABORTED, CloneJob::state);
    lab.passSeconds(BLOCKS + 1);
    assertThat(status(last).state()).isEqualTo(JobState.RUNNING);
    lab.passSeconds(BLOCKS + 1);
    assertThat(status(last).state()).isEqualTo(JobState.SUCCEEDED);
  }

  @Test
  void manyClonesOfOneSourceAreAllWhole() {
    List<CloneJob> jobs = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      lab.makeFile(lab.volume(), "clone" + i, 0644);
      CloneCall call = lab.clone(session, SOURCE, VaaiFile.byPath("clone" + i), 0);
      jobs.add(VaaiWire.await(lab.client().cloneFile(call)).value());
    }
    lab.passSeconds(BLOCKS + 1);
    for (int i = 0; i < 20; i++) {
      assertThat(status(jobs.get(i).jobId()).state()).isEqualTo(JobState.SUCCEEDED);
      assertThat(lab.seedAt(lab.lookup("clone" + i), BLOCKS - 1)).isEqualTo(1);
    }
  }

  @Test
  void aChangedProfileDoesNotTouchAJobUnderWay() {
    CloneJob job = begin();
    lab.profiles().set("one", NamedProfiles.find("off").orElseThrow());
    lab.passSeconds(BLOCKS + 1);
    assertThat(status(job.jobId()).state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(lab.status(lab.clone(session, SOURCE, COPY, 0))).isEqualTo(VaaiStatus.NOTSUPP);
  }

  @Test
  void jobsUnderWayAreLostWhenTheArrayStops() {
    CloneJob job = begin();
    lab.passSeconds(2);
    lab.engine().close();
    assertThat(lab.engine().job(job.jobId()).error()).contains(OffloadError.LOST);
    assertDestinationIsAsItWas();
  }

  @Test
  void theLastJobIntoAFileIsFoundByItsHandle() {
    CloneJob job = begin();
    assertThat(lab.engine().lastJobInto(copy.handle()))
        .map(JobSnapshot::jobId)
        .contains(job.jobId());
    assertThat(lab.engine().lastJobInto(source.handle())).isEqualTo(Optional.empty());
    lab.passSeconds(BLOCKS + 1);
    assertThat(lab.engine().lastJobInto(copy.handle()))
        .map(known -> known.state().name())
        .contains("SUCCEEDED");
  }

  @Test
  void aRetransmissionOfARunningCloneGetsItsFirstAnswerAndNoSecondJob() {
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    String first = lab.replyBytes(call);
    lab.passSeconds(5);
    assertThat(lab.replyBytes(call)).isEqualTo(first);
    lab.passSeconds(20);
    assertThat(lab.replyBytes(call)).isEqualTo(first);
    assertThat(lab.changes()).hasSize(2);
    Volume volume = lab.volume();
    lab.array().awaitReclaim();
    assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(2L * BLOCKS * BLOCK);
  }
}
