/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.ArrayOptions;
import org.facsim.array.Caller;
import org.facsim.array.Mutation;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.services.access.Grant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An error of the machine in a step of a job leaves no job that runs for ever. */
class ErrorsEndJobsTest extends OffloadScenarios {
  private final AtomicBoolean isBroken = new AtomicBoolean();

  @BeforeEach
  @Override
  void start() {
    lab =
        new OffloadLab(
            options ->
                ArrayEngine.ephemeral(
                    new ArrayOptions(options.capacityBytes(), this::instant, options.seed())),
            array -> array,
            CountingMeter::new);
    engine = lab.engine();
    source = lab.makeFile("source", 1, BLOCKS);
    copy = lab.makeFile("copy", 2, 3);
  }

  /** What a change of the array asks for in its only step. */
  private Instant instant() {
    if (isBroken.get()) {
      throw new StackOverflowError("a test");
    }
    return Instant.EPOCH;
  }

  private CompletableFuture<Mutation> cloneRange() {
    Grant grant = grant("/one", Caller.ROOT);
    Initiator initiator = new Initiator(HOST, Dialect.NFS4, grant.of(copy));
    return engine.cloneRange(
        new RangeOrder(
            initiator,
            grant.of(source),
            null,
            0,
            0,
            0,
            RangeOrder.report(initiator, grant.of(source), "CLONE")));
  }

  private void assertEnded() {
    assertThat(lab.changes())
        .last()
        .extracting(CloneJobListener.Change::to)
        .isEqualTo(JobState.FAILED);
    isBroken.set(false);
    assertThat(cloneRange()).as("nothing holds the destination").isCompleted();
  }

  @Test
  void aRange() {
    isBroken.set(true);
    assertThatThrownBy(this::cloneRange).isInstanceOf(StackOverflowError.class);
    assertEnded();
  }

  @Test
  void aRangeThatAFaultMakesWait() {
    CloneFault slow =
        new CloneFault(
            "a test", 0, 1, CloneFault.NEVER, CloneFault.NEVER, OffloadError.IO, step -> {});
    engine.cloneFaults(job -> Optional.of(slow));
    CompletableFuture<Mutation> clone = cloneRange();
    engine.cloneFaults(job -> Optional.empty());
    isBroken.set(true);
    assertThatThrownBy(() -> lab.passSeconds(1)).isInstanceOf(StackOverflowError.class);
    assertThat(clone).isCompletedExceptionally();
    assertEnded();
  }
}
