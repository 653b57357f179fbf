/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.protocol.vaai.CloneCall;
import org.facsim.protocol.vaai.CloneJob;
import org.facsim.protocol.vaai.JobCall;
import org.facsim.protocol.vaai.JobState;
import org.facsim.protocol.vaai.SessionEndCall;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.SessionStartCall;
import org.facsim.protocol.vaai.SupportCall;
import org.facsim.protocol.vaai.VaaiClient;
import org.facsim.protocol.vaai.VaaiFile;
import org.facsim.protocol.vaai.VaaiPrimitive;
import org.facsim.protocol.vaai.VaaiReply;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.services.offload.OffloadCounter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Clones on an array that needs time to make them durable. */
final class CloneDurabilityTest {
  private static final VaaiFile SOURCE = VaaiFile.byPath("source");
  private static final VaaiFile COPY = VaaiFile.byPath("copy");

  private final SlowMedium medium = new SlowMedium();
  private VaaiLab lab;
  private SessionId session;

  @BeforeEach
  void start() {
    lab = new VaaiLab(array -> medium);
    session = lab.session("/one");
    lab.makeFile("source", 1, 3);
    lab.makeFile("copy", 2, 2);
  }

  @AfterEach
  void stop() {
    lab.close();
  }

  @Test
  void aCloneIsAnsweredWhenItIsDurableAndRunsUntilThen() throws Exception {
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    CompletableFuture<VaaiReply<CloneJob>> answer = lab.client().cloneFile(call);
    medium.awaitWaiting(1);
    CloneJob running = VaaiWire.await(lab.client().cloneStatus(new JobCall(session, 1))).value();
    assertThat(running.state()).isEqualTo(JobState.RUNNING);
    assertThat(VaaiWire.await(lab.client().abortClone(new JobCall(session, 1))).value())
        .isEqualTo(running);
    assertThat(answer).isNotDone();

    medium.finish(null);
    CloneJob last = VaaiWire.await(answer).value();
    assertThat(last.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(VaaiWire.await(lab.client().cloneStatus(new JobCall(session, 1))).value())
        .isEqualTo(last);
  }

  @Test
  void aRetransmissionMeanwhileWaitsForTheSameAnswer() throws Exception {
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    CompletableFuture<VaaiReply<CloneJob>> first = lab.client().cloneFile(call);
    CompletableFuture<VaaiReply<CloneJob>> second = lab.clientOf(0).cloneFile(call);
    medium.awaitWaiting(1);
    assertThat(VaaiWire.await(lab.client().cloneStatus(new JobCall(session, 2))).status())
        .isEqualTo(VaaiStatus.JOB);
    medium.finish(null);
    assertThat(VaaiWire.await(first).isOk()).isTrue();
    assertThat(VaaiWire.await(second)).isEqualTo(VaaiWire.await(first));
    assertThat(medium.waitingCount()).isEqualTo(1);
  }

  @Test
  void aFailingMediumFailsTheClone() throws Exception {
    CompletableFuture<VaaiReply<CloneJob>> answer =
        lab.client().cloneFile(lab.clone(session, SOURCE, COPY, 0));
    medium.awaitWaiting(1);
    medium.finish(new IOException("a test"));
    assertThat(VaaiWire.await(answer))
        .isEqualTo(VaaiReply.failed(VaaiStatus.IO, "the medium failed"));
    CloneJob last = VaaiWire.await(lab.client().cloneStatus(new JobCall(session, 1))).value();
    assertThat(last.state()).isEqualTo(JobState.FAILED);
    assertThat(last.outcome()).isEqualTo(VaaiStatus.IO);
    assertThat(lab.engine().statistics().total("one", OffloadCounter.FULL_CLONE_FAILURE))
        .isEqualTo(1);
  }

  @Test
  void aFullDiskFailsTheCloneAsWhatItIs() throws Exception {
    CompletableFuture<VaaiReply<CloneJob>> answer =
        lab.client().cloneFile(lab.clone(session, SOURCE, COPY, 0));
    medium.awaitWaiting(1);
    medium.finish(new ArrayException(ArrayError.NO_SPACE, "the host's disk is full"));
    assertThat(VaaiWire.await(answer))
        .isEqualTo(VaaiReply.failed(VaaiStatus.NOSPC, "the host's disk is full"));
  }

  @Test
  void aSessionDoesNotExpireUnderItsJobAndMayEndBeforeIt() throws Exception {
    CompletableFuture<VaaiReply<CloneJob>> answer =
        lab.client().cloneFile(lab.clone(session, SOURCE, COPY, 0));
    medium.awaitWaiting(1);
    lab.passSeconds(10_000);
    SupportCall query = new SupportCall(session, VaaiPrimitive.FULL_CLONE);
    assertThat(VaaiWire.await(lab.client().support(query)).isOk()).isTrue();
    assertThat(VaaiWire.await(lab.client().endSession(new SessionEndCall(session))).isOk())
        .isTrue();
    assertThat(VaaiWire.await(answer).value().state()).isEqualTo(JobState.RUNNING);
    medium.finish(null);
    assertThat(lab.engine().job(1).state().name()).isEqualTo("SUCCEEDED");
  }

  /** A host waits ten seconds for any one answer unless it says otherwise. */
  @Test
  void aMediumThatIsSlowerThanTheHostIsPatientMakesARunningJob() throws Exception {
    CloneCall call = lab.clone(session, SOURCE, COPY, 0);
    CompletableFuture<VaaiReply<CloneJob>> answer = lab.client().cloneFile(call);
    medium.awaitWaiting(1);
    lab.passSeconds(7);
    assertThat(answer).isNotDone();
    lab.passSeconds(2);
    CloneJob running = VaaiWire.await(answer).value();
    assertThat(running.state()).isEqualTo(JobState.RUNNING);
    assertThat(VaaiWire.await(lab.clientOf(0).cloneFile(call)).value())
        .as("a retransmission")
        .isEqualTo(running);
    medium.finish(null);
    CloneJob last = VaaiWire.await(lab.client().cloneStatus(new JobCall(session, 1))).value();
    assertThat(last.state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(medium.waitingCount()).isEqualTo(1);
  }

  @Test
  void aHostThatWaitsForOneSecondIsAnsweredWithinIt() throws Exception {
    SessionStartCall hasty = new SessionStartCall(1, 3, "/one", "host", 1);
    SessionId here = VaaiWire.await(lab.client().startSession(hasty)).value().session();
    CompletableFuture<VaaiReply<CloneJob>> answer =
        lab.client().cloneFile(lab.clone(here, SOURCE, COPY, 0));
    medium.awaitWaiting(1);
    lab.passSeconds(1);
    assertThat(VaaiWire.await(answer).value().state()).isEqualTo(JobState.RUNNING);
    medium.finish(new IOException("a test"));
    CloneJob last = VaaiWire.await(lab.client().cloneStatus(new JobCall(here, 1))).value();
    assertThat(last.outcome()).isEqualTo(VaaiStatus.IO);
  }

  @Test
  void unansweredRequestsAreBounded() throws Exception {
    CompletableFuture<?>[] answers = new CompletableFuture<?>[256];
    // Three connections, since one has at most 128 calls under way.
    List<VaaiClient> clients = List.of(lab.clientOf(0), lab.clientOf(0), lab.clientOf(0));
    for (int i = 0; i < answers.length; i++) {
      CloneCall call = lab.clone(session, SOURCE, COPY, 0);
      answers[i] = clients.get(i % clients.size()).cloneFile(call);
    }
    medium.awaitWaiting(answers.length);
    assertThat(lab.replyBytes(lab.clone(session, SOURCE, COPY, 0)))
        .isEqualTo(VaaiLab.failure(VaaiStatus.BUSY, "256 requests are unanswered"));
    medium.finish(null);
    VaaiWire.await(CompletableFuture.allOf(answers));
    assertThat(VaaiWire.await(lab.client().cloneStatus(new JobCall(session, 256))).isOk()).isTrue();
  }
}
