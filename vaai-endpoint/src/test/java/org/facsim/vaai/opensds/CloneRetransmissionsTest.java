/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.opensds;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.opensds.OpenSdsCall;
import org.facsim.protocol.opensds.OpenSdsRequest;
import org.facsim.protocol.rpc.CallOrigin;
import org.facsim.services.offload.JobSnapshot;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.junit.jupiter.api.Test;

/** Which clone is a retransmission of which. */
final class CloneRetransmissionsTest {
  private static final Connection CONNECTION = new Connection(1);

  /** Open until a test says otherwise. */
  private static final class Connection implements CallOrigin {
    private final long id;
    private Runnable atEnd = () -> {};

    Connection(long id) {
      this.id = id;
    }

    @Override
    public long id() {
      return id;
    }

    @Override
    public boolean isGone(CallOrigin later) {
      return false;
    }

    @Override
    public void whenEnded(Runnable task) {
      atEnd = task;
    }

    void close() {
      atEnd.run();
    }
  }

  private final AtomicLong nanoTime = new AtomicLong(5);
  private boolean destinationsAreThere = true;
  private int executions;
  private final CloneRetransmissions clones =
      new CloneRetransmissions(nanoTime::get, job -> destinationsAreThere);

  private static CloneRetransmissions.Key key(String client, long uid, int xid, String name) {
    OpenSdsCall call =
        new OpenSdsCall(
            Nfs3Handle.of(new byte[32]),
            Optional.of(Nfs3Handle.of(new byte[] {1})),
            OpenSdsRequest.clone(0, name).toBlock());
    return new CloneRetransmissions.Key(client, uid, xid, call);
  }

  private static final CloneRetransmissions.Key FIRST = key("192.0.2.1", 0, 7, "a");

  private static JobSnapshot job(long id) {
    return new JobSnapshot(
        id, JobState.SUCCEEDED, Optional.empty(), "", 1, 1, 1, 0, Optional.empty());
  }

  /** The id of the job that answers. */
  private long send(CloneRetransmissions.Key key) {
    return send(key, CONNECTION);
  }

  private long send(CloneRetransmissions.Key key, CallOrigin origin) {
    return clones
        .once(key, origin, () -> CompletableFuture.completedFuture(job(++executions)))
        .join()
        .jobId();
  }

  /** As when direct memory ends in the middle of it. */
  @Test
  void whoSendsACloneAgainThatEndedWithAnErrorDoesNotWaitForEver() {
    CompletableFuture<JobSnapshot> answer =
        clones.once(
            FIRST,
            CONNECTION,
            () -> {
              throw new LinkageError("on purpose");
            });
    assertThat(answer).isCompletedExceptionally();
    assertThat(send(FIRST)).as("it has changed nothing").isEqualTo(1);
  }

  @Test
  void theSameCallIsAnsweredByTheSameJob() {
    assertThat(send(FIRST)).isEqualTo(1);
    assertThat(send(key("192.0.2.1", 0, 7, "a"))).isEqualTo(1);
    assertThat(executions).isEqualTo(1);
  }

  @Test
  void anotherHostUserXidOrArgumentIsAnotherCall() {
    send(FIRST);
    assertThat(send(key("192.0.2.2", 0, 7, "a"))).isEqualTo(2);
    assertThat(send(key("192.0.2.1", 1, 7, "a"))).isEqualTo(3);
    assertThat(send(key("192.0.2.1", 0, 8, "a"))).isEqualTo(4);
    assertThat(send(key("192.0.2.1", 0, 7, "b"))).isEqualTo(5);
    assertThat(send(FIRST)).isEqualTo(1);
  }

  @Test
  void equalCallsOfTwoLiveConnectionsAreTwoClones() {
    Connection one = new Connection(11);
    Connection other = new Connection(12);
    assertThat(send(FIRST, one)).isEqualTo(1);
    assertThat(send(FIRST, other)).isEqualTo(2);
    assertThat(send(FIRST, one)).isEqualTo(1);
    assertThat(send(FIRST, other)).isEqualTo(2);
    one.close();
    assertThat(send(FIRST, new Connection(13))).as("the first came again").isEqualTo(1);
    assertThat(clones.size()).as("both").isEqualTo(2);
  }

  @Test
  void aRestoreForgetsWhatRanAndWhatRuns() {
    send(FIRST);
    CompletableFuture<JobSnapshot> later = new CompletableFuture<>();
    CloneRetransmissions.Key running = key("192.0.2.1", 0, 8, "b");
    CompletableFuture<JobSnapshot> first = clones.once(running, CONNECTION, () -> later);

    clones.forgetAll();

    assertThat(send(FIRST)).isEqualTo(2);
    later.complete(job(99));
    assertThat(first.join().jobId()).as("its own client is answered").isEqualTo(99);
    assertThat(send(running)).isEqualTo(3);
    assertThat(clones.size()).isEqualTo(2);
  }

  @Test
  void anAnswerIsBelievedForTwoMinutes() {
    send(FIRST);
    nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(CloneRetransmissions.BELIEVED_SECONDS));
    assertThat(send(FIRST)).isEqualTo(1);
    nanoTime.incrementAndGet();
    assertThat(send(FIRST)).isEqualTo(2);
    assertThat(send(FIRST)).isEqualTo(2);
  }

  @Test
  void aCloneWhoseDestinationIsGoneIsMadeAnew() {
    send(FIRST);
    destinationsAreThere = false;
    assertThat(send(FIRST)).isEqualTo(2);
  }

  @Test
  void whileOneRunsTheOtherWaits() {
    CompletableFuture<JobSnapshot> later = new CompletableFuture<>();
    CompletableFuture<JobSnapshot> first = clones.once(FIRST, CONNECTION, () -> later);
    destinationsAreThere = false; // not there yet
    CompletableFuture<JobSnapshot> second =
        clones.once(
            FIRST,
            CONNECTION,
            () -> {
              throw new AssertionError("run twice");
            });
    assertThat(second).isNotDone();
    later.complete(job(9));
    assertThat(first.join().jobId()).isEqualTo(9);
    assertThat(second.join().jobId()).isEqualTo(9);
  }

  @Test
  void aRefusalIsAskedAgain() {
    CompletableFuture<JobSnapshot> refused =
        clones.once(
            FIRST,
            CONNECTION,
            () -> {
              throw new OffloadFailure(OffloadError.BUSY, "now");
            });
    assertThat(refused).isCompletedExceptionally();
    assertThat(
            clones.once(
                FIRST,
                CONNECTION,
                () -> CompletableFuture.failedFuture(new OffloadFailure(OffloadError.IO, ""))))
        .isCompletedExceptionally();
    assertThat(send(FIRST)).isEqualTo(1);
  }

  @Test
  void theOldestOfTheHostThatHasMostAreForgotten() {
    send(FIRST);
    for (int xid = 0; xid < 2 * CloneRetransmissions.MAX_CLONES; xid++) {
      send(key("192.0.2.9", 0, xid, "a"));
    }
    assertThat(clones.size()).isEqualTo(CloneRetransmissions.MAX_CLONES);
    int before = executions;
    assertThat(send(FIRST)).as("another host's storm does not push it out").isEqualTo(1);
    assertThat(send(key("192.0.2.9", 0, 2 * CloneRetransmissions.MAX_CLONES - 1, "a")))
        .isEqualTo(before);
    assertThat(send(key("192.0.2.9", 0, 0, "a"))).isEqualTo(before + 1);
  }
}
