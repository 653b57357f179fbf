/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.services.journal.CallCount.atLeast;
import static org.facsim.services.journal.CallCount.exactly;
import static org.facsim.services.journal.CallFilter.calls;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.FileSpace;
import org.facsim.hypervisor.clone.CloneResult;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.services.calls.Door;
import org.facsim.services.explain.CloneOutcome;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.Precondition;
import org.facsim.services.journal.JournalEntry;
import org.facsim.services.journal.JournalEntry.Outcome;
import org.facsim.services.offload.CloneJobListener;
import org.facsim.services.offload.JobState;
import org.facsim.services.offload.OffloadCounter;
import org.junit.jupiter.api.Test;

/**
 * The numbered scenarios of clones that need a fault: a rule or a preset sets it, and journal,
 * ledger and explanation say what came of it.
 */
class FaultScenariosIT extends FaultScenarios {
  private static final String STALL_AT_40 = "{\"cloneJob\": {\"stallAtPercent\": 40}}";

  /** Does something once, when the job has come to 40 %. */
  private static TransferProgress at40Percent(Runnable deed) {
    AtomicBoolean isDone = new AtomicBoolean();
    return (done, total) -> {
      if (done * 10 >= total * 4 && isDone.compareAndSet(false, true)) {
        deed.run();
      }
    };
  }

  private void assertLastJobEnded(JobState state) {
    assertThat(changes).last().extracting(CloneJobListener.Change::to).isEqualTo(state);
  }

  /** What became of the last job; its destination is gone. */
  private Explanation whyJob() {
    long job = changes.get(changes.size() - 1).jobId();
    return array.control().explanations().ofJob(job).orElseThrow();
  }

  @Test
  void scenario20_anArrayThatIsBusyTwiceIsAskedAgainAndClones() {
    connect(hastyHost());
    fault(CLONES, "{\"status\": \"BUSY\"}", "\"limits\": {\"count\": 2}");
    assertSharedByTheArray(makeCopy());
    array.journal().verify(clones().status("BUSY").fault("any"), exactly(2));
    array.journal().verify(clones().fault("none"), exactly(1));
  }

  @Test
  void scenario20_anArrayThatStaysBusyIsAskedAgainAndThenTheHostCopies() {
    connect(hastyHost());
    fault(CLONES, "{\"status\": \"BUSY\"}");
    CloneResult result = makeCopy();
    assertCopiedByTheHost(result);
    assertThat(result.offloadFailure()).hasValueSatisfying(s -> assertThat(s).contains("BUSY"));
    array.journal().verify(clones().status("BUSY").fault("any"), exactly(4));
    array.journal().verify(clones().fault("none"), exactly(0));
    array.journal().verifyInOrder(clones(), writesToTheCopy());
    assertThat(why().firstFailed()).contains(Precondition.FAULT);
  }

  @Test
  void scenario21_aVolumeThatIsFullInMidCopyLeavesNothingOfTheClone() {
    connect(hastyHost());
    List<String> filesBefore = datastore.list("");
    long before = usedBytes();
    fault(CLONES, "{\"cloneJob\": {\"failAtPercent\": 60, \"error\": \"NOSPC\"}}");
    fault(
        "{\"doors\": [\"nfs\"], \"procedures\": [\"WRITE\"], \"path\": \"%s\"}"
            .formatted(COPY_FLAT),
        "{\"status\": \"NOSPC\"}");
    assertThatThrownBy(this::makeCopy)
        .isInstanceOfSatisfying(
            DatastoreException.class,
            e -> assertThat(e.error()).isEqualTo(DatastoreError.DISK_FULL));
    assertThat(datastore.list("")).isEqualTo(filesBefore);
    assertThat(usedBytes()).isEqualTo(before);
    assertLastJobEnded(JobState.FAILED);
    array.journal().verify(clones(), exactly(1));
    array.journal().verify(writesToTheCopy().status("NOSPC"), atLeast(1));
    array.journal().verify(writesToTheCopy().fault("none"), exactly(0));
    assertThat(whyJob())
        .satisfies(
            told -> {
              assertThat(told.outcome()).isEqualTo(CloneOutcome.FAILED);
              assertThat(told.status()).isEqualTo("NO_SPACE");
              assertThat(told.firstFailed()).contains(Precondition.FAULT);
            });
    assertWhole(source);
  }

  private long usedBytes() {
    array.storage().awaitReclaim();
    return array.storage().physicalUsedBytes();
  }

  @Test
  void scenario22_aSlowJobShowsMonotonicProgress() {
    connect(hastyHost());
    preset("slow-clone", "\"rate\": \"24MiB\"");
    List<Long> done = new ArrayList<>();
    assertSharedByTheArray(makeCopy((doneBytes, total) -> done.add(doneBytes)));
    assertThat(done).isSorted();
    assertThat(done.stream().filter(bytes -> bytes > 0 && bytes < DISK.provisionedBytes()))
        .isNotEmpty();
    array.journal().verify(clones().fault("none"), exactly(1));
    array.journal().verify(calls().door(Door.VAAI).procedure("CLONE_STATUS"), atLeast(2));
    assertThat(why().moved().statusCalls()).isGreaterThanOrEqualTo(2);
  }

  @Test
  void scenario23_aCancelAt40PercentLeavesNothing() {
    connect(hastyHost());
    List<String> filesBefore = datastore.list("");
    long before = usedBytes();
    fault(CLONES, STALL_AT_40);
    assertThatThrownBy(
            () ->
                makeCopy(
                    at40Percent(
                        () -> {
                          throw new IllegalStateException("cancelled");
                        })))
        .hasMessage("cancelled");
    assertThat(datastore.list("")).isEqualTo(filesBefore);
    assertThat(usedBytes()).isEqualTo(before);
    assertLastJobEnded(JobState.ABORTED);
    array.journal().verify(clones(), exactly(1));
    array.journal().verify(aborts(), exactly(1));
    array.journal().verify(writesToTheCopy(), exactly(0));
    assertThat(whyJob().outcome()).isEqualTo(CloneOutcome.ABORTED);
    assertThat(whyJob().moved().abortCalls()).isEqualTo(1);
  }

  @Test
  void scenario24_aJobThatStallsFor300SecondsIsAbortedByTheHostWhichCopies() {
    connect(hastyHost().withClock(new HandClock(Duration.ofSeconds(50))));
    fault(CLONES, STALL_AT_40);
    CloneResult result = makeCopy();
    assertCopiedByTheHost(result);
    assertThat(result.offloadFailure()).contains("no progress for 300 s");
    assertLastJobEnded(JobState.ABORTED);
    array.journal().verify(clones(), exactly(1));
    array.journal().verify(aborts(), exactly(1));
    array.journal().verifyInOrder(clones(), aborts(), writesToTheCopy());
  }

  @Test
  void scenario25_anArrayThatRestartsInMidCloneLosesTheJobAndNoBlock() {
    connect(hastyHost());
    long before = usedBytes();
    fault(CLONES, STALL_AT_40);
    CloneResult result = makeCopy(at40Percent(() -> preset("array-reboot", "\"for\": \"50ms\"")));
    assertCopiedByTheHost(result);
    assertLastJobEnded(JobState.LOST);
    array.journal().verify(clones(), exactly(1));
    array.journal().verify(writesToTheCopy(), atLeast(1));
    array
        .journal()
        .between(clones(), calls().door(Door.VAAI).procedure("SESSION_START"))
        .verify(writesToTheCopy(), exactly(0));
    assertThat(usedBytes() - before).isBetween(DISK.usedBytes(), DISK.usedBytes() + (64 << 10));
  }

  @Test
  void scenario26_aStaleSourceHandleIsAnErrorAndTheHostCopies() {
    connect(hastyHost());
    fault(CLONES, "{\"status\": \"STALE\"}");
    CloneResult result = makeCopy();
    assertCopiedByTheHost(result);
    assertThat(result.offloadFailure()).hasValueSatisfying(s -> assertThat(s).contains("STALE"));
    assertThat(host.log().lines("falling back to the data mover"))
        .singleElement()
        .asString()
        .contains("WARNING: NFSVAAI: ", "Full file clone of ", "-flat.vmdk on ds1 failed", "STALE");
    array.journal().verify(clones().status("STALE"), exactly(1));
    array.journal().verify(clones(), exactly(1));
    assertThat(changes).isEmpty();
  }

  @Test
  void scenario27_aCloneWhoseReplyWasLostIsSentAgainAndExecutedOnce() {
    connect(hastyHost(Duration.ofMillis(500)));
    fault(CLONES, "{\"executedButLost\": true}", "\"limits\": {\"count\": 1}");
    assertExecutedOnce(makeCopy(), Outcome.REPLY_LOST);
  }

  @Test
  void scenario27_aCloneWhoseConnectionWasResetIsSentAgainAndExecutedOnce() {
    connect(hastyHost());
    fault(CLONES, "{\"reset\": true, \"executed\": true}", "\"limits\": {\"count\": 1}");
    assertExecutedOnce(makeCopy(), Outcome.REPLY_LOST);
  }

  private void assertExecutedOnce(CloneResult result, Outcome first) {
    assertSharedByTheArray(result);
    array.journal().verify(clones().outcome(first).fault("any"), exactly(1));
    array.journal().verify(clones().outcome(Outcome.ANSWERED), exactly(0));
    array.journal().verify(clones().outcome(Outcome.ANSWERED_FROM_MEMORY), atLeast(1));
    assertThat(array.journal().latest(clones(), 100).entries())
        .extracting(JournalEntry::xid)
        .as("one call, sent again")
        .containsOnly(array.journal().latest(clones(), 1).entries().get(0).xid());
    assertThat(changes.stream().map(CloneJobListener.Change::to))
        .as("one job")
        .containsOnlyOnce(JobState.SUCCEEDED);
    assertThat(space("one", source.disks().get(0).flatPath()))
        .returns(DISK.usedBytes(), FileSpace::referencedBytes)
        .returns(0L, FileSpace::exclusiveBytes);
    assertThat(total(OffloadCounter.FULL_CLONE_FAILURE)).isZero();
  }

  @Test
  void scenario34_aTakeoverInMidCloneLosesTheJobAndTheHostCopies() {
    connect(hastyHost());
    fault(CLONES, STALL_AT_40);
    CloneResult result = makeCopy(at40Percent(() -> preset("takeover", "\"for\": \"50ms\"")));
    assertCopiedByTheHost(result);
    assertThat(result.offloadFailure()).hasValueSatisfying(s -> assertThat(s).contains("LOST"));
    assertLastJobEnded(JobState.LOST);
    array.journal().verify(clones(), exactly(1));
    array.journal().verifyInOrder(clones(), writesToTheCopy());
    assertThat(why().outcome()).as("known of it after a takeover").isEqualTo(CloneOutcome.LOST);
  }
}
