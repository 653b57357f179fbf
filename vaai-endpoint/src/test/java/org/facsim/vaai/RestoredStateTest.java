/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Inode;
import org.facsim.array.Volume;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneFlags;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.ReserveMode;
import org.facsim.protocol.vaai.ReservedSpace;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.ArrayProfile;
import org.facsim.services.offload.ArrayProfile.FullClone;
import org.facsim.services.offload.NamedProfiles;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The array is restored to a named state: nothing that the door remembers says otherwise. */
final class RestoredStateTest {
  private static final int BLOCK = VaaiLab.BLOCK;
  private static final int BLOCKS = 10;
  private static final VaaiFile SOURCE = VaaiFile.byPath("source");
  private static final VaaiFile COPY = VaaiFile.byPath("copy");
  private static final ArrayProfile SLOW =
      NamedProfiles.SHARING.draft().fullClone(FullClone.COPY).copyBytesPerSecond(BLOCK).freeze();

  private VaaiLab lab;
  private SessionId session;
  private Inode copy;

  private void start(VaaiLab started) {
    lab = started;
    session = lab.session("/one");
    lab.makeFile("source", 1, BLOCKS);
    copy = lab.makeFile("copy", 2, 3);
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  private VaaiReply<CloneJob> send(CloneCall call) {
    return VaaiWire.await(lab.client().cloneFile(call));
  }

  private VaaiReply<CloneJob> status(long jobId) {
    return VaaiWire.await(lab.client().cloneStatus(new JobCall(session, jobId)));
  }

  private void assertCopyIsAsItWas() {
    assertThat(copy.attributes().sizeBytes()).isEqualTo(3L * BLOCK);
    for (int block = 0; block < 3; block++) {
      assertThat(lab.seedAt(copy, block)).isEqualTo(2);
    }
  }

  private static void assertLost(CloneJob job) {
    assertThat(job.state()).isEqualTo(JobState.LOST);
    assertThat(job.outcome()).isEqualTo(VaaiStatus.LOST);
    assertThat(job.reason()).contains("restored to a named state");
  }

  @Test
  void aRepeatedCloneIsMadeAgain() {
    start(new VaaiLab());
    lab.array().saveState("before");
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    CloneJob first = send(call).value();
    lab.array().restoreState("before");
    assertCopyIsAsItWas();

    CloneJob again = send(call).value();

    assertThat(again.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(again.jobId()).isNotEqualTo(first.jobId());
    assertThat(lab.seedAt(copy, 9)).isEqualTo(1);
    assertLost(status(first.jobId()).value());
    assertThat(lab.engine().lastJobInto(copy.handle()).orElseThrow().jobId())
        .isEqualTo(again.jobId());
  }

  @Test
  void aCloneThatCopiesIsLostAndTheOldContentsStay() {
    start(new VaaiLab());
    lab.profiles().set("one", SLOW);
    lab.array().saveState("before");
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    CloneJob job = send(call).value();
    lab.passSeconds(5);

    lab.array().restoreState("before");

    assertLost(status(job.jobId()).value());
    assertThat(lab.engine().lastJobInto(copy.handle()).orElseThrow().error())
        .contains(OffloadError.LOST);
    assertThat(lab.changes()).extracting(change -> change.to().name()).endsWith("LOST");
    lab.passSeconds(20);
    assertCopyIsAsItWas();
    lab.array().deleteState("before");
    lab.array().awaitReclaim();
    assertThat(lab.array().physicalUsedBytes()).isEqualTo((BLOCKS + 3L) * BLOCK);
    assertThat(send(call).value().state())
        .as("the destination is free")
        .isEqualTo(JobState.RUNNING);
  }

  /** The state holds the half-built copy as it was; what is put in place must not be that. */
  @Test
  void aStateThatWasSavedDuringACopyDoesNotMixIntoIt() {
    start(new VaaiLab());
    lab.profiles().set("one", SLOW);
    CloneJob job = send(lab.clone(session, SOURCE, COPY, 0)).value();
    lab.passSeconds(3);
    lab.array().saveState("during");
    lab.passSeconds(3);

    lab.array().restoreState("during");
    lab.passSeconds(20);

    assertLost(status(job.jobId()).value());
    assertCopyIsAsItWas();
  }

  @Test
  void aCloneWhoseGroupIsNotDurableWhenTheArrayIsRestoredIsLost() {
    SlowMedium medium = new SlowMedium();
    start(new VaaiLab(array -> medium));
    lab.array().saveState("before");
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    CompletableFuture<VaaiReply<CloneJob>> answer = lab.client().cloneFile(call);
    while (medium.waitingCount() == 0) {
      Thread.onSpinWait();
    }

    lab.array().restoreState("before");

    assertThat(VaaiWire.await(answer).status()).isEqualTo(VaaiStatus.LOST);
    medium.finish(null);
    assertCopyIsAsItWas();
  }

  @Test
  void aReservationThatZeroesLeavesTheRestoredArrayAlone() {
    start(new VaaiLab());
    lab.array().saveState("before");
    CompletableFuture<VaaiReply<ReservedSpace>> answer =
        lab.client().reserveSpace(lab.reserve(session, COPY, ReserveMode.EAGER_ZEROED, 64L << 20));
    while (lab.scheduler().runDue(1) == 0) {
      Thread.onSpinWait();
    }

    lab.array().restoreState("before");
    lab.runSteps(answer);

    VaaiReply<ReservedSpace> reply = VaaiWire.await(answer);
    assertThat(reply.status()).isEqualTo(VaaiStatus.LOST);
    assertThat(reply.reason()).contains("restored to a named state");
    assertCopyIsAsItWas();
  }

  @Test
  void aJobIsNotLostByTheDeletionOfAnotherVolume() {
    start(new VaaiLab());
    lab.profiles().set("one", SLOW);
    CloneJob job = send(lab.clone(session, SOURCE, COPY, 0)).value();
    lab.array().deleteVolume(lab.otherVolume());
    lab.passSeconds(20);
    assertThat(status(job.jobId()).value().state()).isEqualTo(JobState.SUCCEEDED);
  }

  /** Its name is free at once, and its sessions know nothing of who takes it. */
  @Test
  void aSessionEndsWithItsVolumeEvenIfAnotherHasItsName() {
    start(new VaaiLab());
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    send(call);
    lab.array().deleteVolume(lab.volume());
    Volume next = lab.array().createVolume("one", VaaiLab.VOLUME_BYTES);
    lab.exports().add(next);
    lab.makeFile("source", 5, BLOCKS);
    Inode other = lab.makeFile(next, "copy", 0644);

    assertThat(send(call).status()).isEqualTo(VaaiStatus.SESSION);

    assertThat(other.attributes().sizeBytes()).isZero();
    session = lab.session("/one");
    assertThat(send(lab.clone(session, SOURCE, COPY, 0)).isOk()).isTrue();
    assertThat(lab.seedAt(other, 9)).isEqualTo(5);
  }

  @Test
  void aSourceSessionWhoseVolumeIsGoneIsUnknownToo() {
    start(new VaaiLab());
    SessionId there = lab.session("/two");
    lab.array().deleteVolume(lab.otherVolume());
    lab.exports().add(lab.array().createVolume("two", VaaiLab.VOLUME_BYTES));
    CloneCall across =
        new CloneCall(session, 99, CloneFlags.OTHER_VOLUME, Optional.of(there), SOURCE, COPY);
    assertThat(send(across).status()).isEqualTo(VaaiStatus.SESSION);
  }

  @Test
  void aJobThatWasNeverGivenIsUnknownAndNotLost() {
    start(new VaaiLab());
    lab.array().saveState("before");
    lab.array().restoreState("before");
    assertThatExceptionOfType(OffloadFailure.class)
        .isThrownBy(() -> lab.engine().job(77))
        .satisfies(failure -> assertThat(failure.error()).isEqualTo(OffloadError.UNKNOWN_JOB));
  }
}
