/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SteppedTimeTest {
  private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

  private final SteppedTime time = new SteppedTime(START);
  private final List<String> ran = new ArrayList<>();

  private void note(String what) {
    ran.add(what + "@" + Duration.between(START, time.now()).toMillis());
  }

  @Test
  void whatFallsDueRunsInOrderOfTimeAndThenOfRegistration() {
    time.after(Duration.ofMillis(20), () -> note("late"));
    time.after(Duration.ofMillis(10), () -> note("first"));
    time.after(Duration.ofMillis(10), () -> note("second"));
    time.after(Duration.ofMillis(21), () -> note("never"));
    time.advance(Duration.ofMillis(20));
    assertThat(ran).containsExactly("first@10", "second@10", "late@20");
    assertThat(time.now()).isEqualTo(START.plusMillis(20));
    assertThat(time.timers()).isEqualTo(1);
  }

  @Test
  void whatATaskStartsFallsDueWithinTheSameStep() {
    time.after(
        Duration.ofMillis(10), () -> time.after(Duration.ofMillis(5), () -> note("from a task")));
    time.advance(Duration.ofMillis(15));
    assertThat(ran).containsExactly("from a task@15");
  }

  @Test
  void aRepetitionIsDueOncePerPeriodUntilItIsCancelled() {
    HostTime.Timer beat = time.every(Duration.ofSeconds(12), () -> note("beat"));
    time.advance(Duration.ofSeconds(36));
    beat.cancel();
    time.advance(Duration.ofHours(1));
    assertThat(ran).containsExactly("beat@12000", "beat@24000", "beat@36000");
    assertThat(time.timers()).isZero();
  }

  @Test
  void aTaskThatFailsKeepsNoOtherFromRunningAndTheStepTellsOfIt() {
    HostTime.Timer repeated =
        time.every(
            Duration.ofSeconds(1),
            () -> {
              note("failing");
              throw new IllegalArgumentException("no");
            });
    time.after(Duration.ofSeconds(1), () -> note("other"));
    assertThatThrownBy(() -> time.advance(Duration.ofSeconds(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasRootCauseMessage("no");
    assertThat(ran).containsExactly("failing@1000", "other@1000", "failing@2000");
    assertThat(time.now()).isEqualTo(START.plusSeconds(2));
    repeated.cancel();
  }

  @Test
  void aTaskCannotLetTimePass() {
    time.after(Duration.ofSeconds(1), () -> time.advance(Duration.ofSeconds(1)));
    assertThatThrownBy(() -> time.advance(Duration.ofSeconds(5)))
        .hasRootCauseMessage("a task of this time cannot let it pass");
    assertThat(time.now()).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void timeDoesNotRunBackwards() {
    assertThatThrownBy(() -> time.advance(Duration.ofNanos(-1)))
        .hasMessageContaining("allowed: 0 and more");
    assertThatThrownBy(() -> time.after(Duration.ofNanos(-1), () -> {}))
        .hasMessageContaining("allowed: 0 and more");
    assertThatThrownBy(() -> time.every(Duration.ZERO, () -> {}))
        .hasMessageContaining("allowed: above 0");
  }

  /** The answer comes by the machine's time; the step that depends on it must not run before. */
  @Test
  void timeWaitsForWhatIsExpected() {
    Executor later = CompletableFuture.delayedExecutor(100, TimeUnit.MILLISECONDS);
    time.after(
        Duration.ofSeconds(1),
        () -> {
          var unused = time.expect("path", CompletableFuture.runAsync(() -> note("answer"), later));
        });
    time.after(Duration.ofSeconds(2), () -> note("next"));
    time.advance(Duration.ofSeconds(3));
    assertThat(ran).containsExactly("answer@1000", "next@2000");
  }

  @Test
  void aSilentPathCostsOneWaitUntilItAnswersAgain() {
    SteppedTime impatient = SteppedTime.withPatience(Duration.ofSeconds(1));
    CompletableFuture<String> missing = new CompletableFuture<>();
    HostTime.Timer beats =
        impatient.every(
            Duration.ofSeconds(1),
            () -> {
              var unused = impatient.expect("path", new CompletableFuture<>());
            });
    var first = impatient.expect("path", missing);
    assertThat(first).isSameAs(missing);
    long beforeNanos = System.nanoTime();
    impatient.advance(Duration.ofSeconds(10));
    assertThat(Duration.ofNanos(System.nanoTime() - beforeNanos))
        .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(60));
    beats.cancel();
    // another path is not held responsible
    CompletableFuture<Void> slow =
        CompletableFuture.runAsync(
            () -> {}, CompletableFuture.delayedExecutor(30, TimeUnit.MILLISECONDS));
    var second = impatient.expect("another", slow);
    impatient.advance(Duration.ZERO);
    assertThat(second).isDone();
  }

  @Test
  void aSleeperWakesWhenTheTimeHasCome() throws Exception {
    CountDownLatch asleep = new CountDownLatch(1);
    CompletableFuture<Void> sleeper =
        CompletableFuture.runAsync(
            () -> {
              try {
                asleep.countDown();
                time.sleep(Duration.ofSeconds(5));
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    asleep.await();
    while (time.timers() == 0) {
      Thread.onSpinWait();
    }
    time.advance(Duration.ofMillis(4_999));
    assertThat(sleeper).isNotDone();
    time.advance(Duration.ofMillis(1));
    sleeper.get(30, TimeUnit.SECONDS);
  }

  @Test
  void aTimeThatSleepersMoveNeedsNoSecondThread() throws Exception {
    SteppedTime moved = SteppedTime.movedBySleepers(START);
    moved.every(Duration.ofSeconds(2), () -> ran.add("beat"));
    moved.sleep(Duration.ofSeconds(5));
    assertThat(ran).containsExactly("beat", "beat");
    assertThat(moved.now()).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void theMachinesTimeRunsWhatIsDueAndGoesOnAfterAFailure() throws Exception {
    CountDownLatch beats = new CountDownLatch(3);
    HostTime.Timer timer =
        HostTime.system()
            .every(
                Duration.ofMillis(5),
                () -> {
                  beats.countDown();
                  throw new IllegalStateException("reported");
                });
    assertThat(beats.await(30, TimeUnit.SECONDS)).isTrue();
    timer.cancel();
  }
}
