/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.junit.jupiter.api.Test;

/** The state machine of a clone job. */
final class CloneWorkTest {
  private static final Caller OWNER = new Caller(1000, 1000, List.of());
  private static final FileHandle HANDLE = new FileHandle(1, 2, 3, 4);

  private final List<CloneWork.Transition> heard = new ArrayList<>();
  private final CloneWork job = new CloneWork(9, "ds", "192.0.2.1", OWNER, 0, null, heard::add);

  @Test
  void onlyTheDrawnTransitionsAreAllowed() {
    Map<JobState, Set<JobState>> allowed =
        Map.of(
            JobState.NONE, EnumSet.noneOf(JobState.class),
            JobState.QUEUED,
                EnumSet.of(JobState.RUNNING, JobState.FAILED, JobState.ABORTED, JobState.LOST),
            JobState.RUNNING,
                EnumSet.of(JobState.SUCCEEDED, JobState.FAILED, JobState.ABORTED, JobState.LOST),
            JobState.SUCCEEDED, EnumSet.noneOf(JobState.class),
            JobState.FAILED, EnumSet.noneOf(JobState.class),
            JobState.ABORTED, EnumSet.noneOf(JobState.class),
            JobState.LOST, EnumSet.noneOf(JobState.class));
    for (JobState from : JobState.values()) {
      for (JobState to : JobState.values()) {
        assertThat(CloneWork.isAllowed(from, to))
            .as("%s to %s", from, to)
            .isEqualTo(allowed.get(from).contains(to));
      }
    }
  }

  @Test
  void aSharingCloneTellsEveryStepAndEndsComplete() {
    job.start();
    job.sharedAll(HANDLE, 10_000, 8192);
    job.succeed("blocks shared");
    assertThat(heard)
        .containsExactly(
            new CloneWork.Transition(
                9, JobState.QUEUED, JobState.RUNNING, Optional.empty(), "running", 0),
            new CloneWork.Transition(
                9,
                JobState.RUNNING,
                JobState.SUCCEEDED,
                Optional.empty(),
                "blocks shared",
                10_000));
    JobSnapshot last = job.finished().join();
    assertThat(last).isEqualTo(job.snapshot());
    assertThat(last.doneBytes()).isEqualTo(10_000);
    assertThat(last.sharedBytes()).isEqualTo(8192);
    assertThat(last.copiedBytes()).isZero();
  }

  @Test
  void anAbortBeforeTheBlocksAreSharedEndsTheJob() {
    job.start();
    JobSnapshot aborted = job.abort(Caller.ROOT, "cancelled");
    assertThat(aborted.state()).isEqualTo(JobState.ABORTED);
    assertThat(aborted.error()).contains(OffloadError.ABORTED);
    assertThat(aborted.reason()).isEqualTo("cancelled");
    assertThat(job.finished().join()).isEqualTo(aborted);
    assertThat(job.abort(Caller.ROOT, "again")).isEqualTo(aborted);
  }

  @Test
  void anAbortAfterTheBlocksAreSharedComesTooLate() {
    job.start();
    job.sharedAll(HANDLE, 4096, 4096);
    assertThat(job.abort(Caller.ROOT, "too late").state()).isEqualTo(JobState.RUNNING);
    job.succeed("blocks shared");
    assertThat(job.abort(Caller.ROOT, "too late").state()).isEqualTo(JobState.SUCCEEDED);
    assertThat(heard).hasSize(2);
  }

  @Test
  void aJobThatIsAbortedInTheQueueNeverRuns() {
    assertThat(job.abort(Caller.ROOT, "cancelled").state()).isEqualTo(JobState.ABORTED);
    assertThat(job.start()).isFalse();
    assertThat(heard).hasSize(1);
  }

  @Test
  void aJobCannotSucceedBeforeItRuns() {
    assertThatThrownBy(() -> job.succeed("a defect")).isInstanceOf(IllegalStateException.class);
    assertThat(job.snapshot().state()).isEqualTo(JobState.QUEUED);
  }

  @Test
  void progressNeverShrinksNorPassesTheTotal() {
    job.expect(HANDLE, 100);
    job.start();
    job.progress(60, 0, 60);
    job.progress(60, 0, 60);
    assertThat(job.snapshot().doneBytes()).isEqualTo(100);
    assertThat(job.commit()).isTrue();
    assertThat(job.abort(Caller.ROOT, "too late").state()).isEqualTo(JobState.RUNNING);
    job.lose("the array stops");
    assertThat(job.snapshot().error()).contains(OffloadError.LOST);
  }

  @Test
  void aFinalStateIsLeftByNothing() {
    job.start();
    job.fail(OffloadError.IO, "the medium failed");
    job.succeed("too late");
    job.lose("too late");
    assertThat(job.start()).isFalse();
    assertThat(job.commit()).isFalse();
    assertThat(job.snapshot().state()).isEqualTo(JobState.FAILED);
    assertThat(heard).hasSize(2);
  }

  @Test
  void anotherUsersJobIsNotAborted() {
    job.start();
    assertThatThrownBy(() -> job.abort(new Caller(1001, 1000, List.of()), "cancelled"))
        .isInstanceOfSatisfying(
            OffloadFailure.class, e -> assertThat(e.error()).isEqualTo(OffloadError.NOT_PERMITTED));
    assertThat(job.snapshot().state()).isEqualTo(JobState.RUNNING);
    assertThat(job.abort(OWNER, "cancelled").state()).isEqualTo(JobState.ABORTED);
  }
}
