/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.junit.jupiter.api.Test;

/** Which call is answered as an earlier one; each test answers calls with their number. */
class AtMostOnceTest {
  private static final AtMostOnce.Limits THREE = new AtMostOnce.Limits(3, 100, 2, 1000, false);

  /** A call that is known by a text, which it takes in bytes. */
  private static final class Named extends RememberedCall<Named, Integer> {
    private final String client;
    private final String name;
    private final Place from;

    Named(String client, String name, Place from) {
      this.client = client;
      this.name = name;
      this.from = from;
    }

    @Override
    protected Object client() {
      return client;
    }

    @Override
    protected long originId() {
      return from.id;
    }

    @Override
    protected boolean mayRepeat(long earlierOriginId) {
      return from.othersAreGone;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Named call && name.equals(call.name);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  private record Place(long id, boolean othersAreGone) {}

  private static final Place HERE = new Place(0, true);

  /** What is remembered is true unless its answer is negative. */
  private static class Lenient implements AtMostOnce.Rules<Named, Integer> {
    final List<String> heard = new ArrayList<>();

    @Override
    public int bytesOf(Named call) {
      return call.name.length();
    }

    @Override
    public int bytesOfAnswer(Named call, Integer answer) {
      return answer >= LARGE ? answer - LARGE : 0;
    }

    @Override
    public boolean isTrue(Integer answer, Throwable failure) {
      return failure == null && answer >= 0;
    }

    @Override
    public void forgotten(Named call) {
      heard.add(call.name);
    }
  }

  /** A greater answer takes what it has beyond this in bytes. */
  private static final int LARGE = 1000;

  private final AtomicLong nanoTime = new AtomicLong();
  private final Lenient rules = new Lenient();
  private AtMostOnce<Named, Integer> calls = new AtMostOnce<>(THREE, nanoTime::get, rules);
  private int executions;

  private int call(String client, String name) {
    return call(client, name, HERE);
  }

  private int call(String client, String name, Place from) {
    return calls
        .once(new Named(client, name, from), () -> CompletableFuture.completedFuture(++executions))
        .join();
  }

  private CompletableFuture<Integer> begin(String name, CompletableFuture<Integer> answer) {
    return calls.once(new Named("client", name, HERE), () -> answer);
  }

  private boolean remembers(String name) {
    return calls.remembers(new Named("", name, HERE));
  }

  @Test
  void whoeverComesAgainGetsTheAnswerOfTheFirstAlsoWhileItRuns() {
    CompletableFuture<Integer> later = new CompletableFuture<>();
    CompletableFuture<Integer> first = begin("a", later);
    CompletableFuture<Integer> again = begin("a", CompletableFuture.completedFuture(5));
    assertThat(again).isSameAs(first).isNotDone();
    assertThat(calls.running()).isEqualTo(1);
    later.complete(7);
    assertThat(first).isCompletedWithValue(7);
    assertThat(call("client", "a")).isEqualTo(7);
    assertThat(call("client", "b")).isEqualTo(1);
    assertThat(calls.running()).isZero();
    assertThat(calls.size()).isEqualTo(2);
  }

  @Test
  void whatIsNotTrueAnyMoreOrTooOldRunsAnew() {
    CompletableFuture<Integer> failed = new CompletableFuture<>();
    failed.completeExceptionally(new IllegalStateException("on purpose"));
    assertThat(begin("a", failed)).isCompletedExceptionally();
    assertThat(begin("b", CompletableFuture.completedFuture(-1))).isCompletedWithValue(-1);
    assertThat(call("client", "a")).isEqualTo(1);
    assertThat(call("client", "b")).isEqualTo(2);
    nanoTime.set(1000);
    assertThat(call("client", "b")).isEqualTo(2);
    nanoTime.set(1001);
    assertThat(call("client", "b")).isEqualTo(3);
    assertThat(calls.size()).isEqualTo(2);
  }

  @Test
  void anEqualCallOfAnotherLivingPlaceIsAnotherCall() {
    assertThat(call("client", "a", new Place(1, false))).isEqualTo(1);
    assertThat(call("client", "a", new Place(2, false))).isEqualTo(2);
    assertThat(call("client", "a", new Place(1, false))).isEqualTo(1);
    assertThat(call("client", "a", new Place(3, true))).as("somebody came back").isEqualTo(1);
    assertThat(call("client", "a", new Place(4, false))).as("the oldest goes").isEqualTo(3);
    assertThat(call("client", "a", new Place(1, false))).isEqualTo(4);
    assertThat(calls.size()).isEqualTo(2);
  }

  @Test
  void theClientThatHasMostLosesItsOldestAnswer() {
    call("greedy", "a");
    call("greedy", "b");
    call("modest", "c");
    call("modest", "d");
    assertThat(rules.heard).containsExactly("a");
    assertThat(remembers("c")).isTrue();
    assertThat(call("modest", "e".repeat(99))).isEqualTo(5);
    assertThat(rules.heard).as("bytes, too").hasSize(3).startsWith("a", "c");
    assertThat(calls.size()).isEqualTo(2);
  }

  @Test
  void whatRunsIsKeptAndOneMoreIsRefusedUnlessTheLimitsSayOtherwise() {
    for (String key : List.of("a", "b", "c")) {
      assertThat(begin(key, new CompletableFuture<>())).isNotDone();
    }
    assertThatThrownBy(() -> call("other", "d"))
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.BUSY));
    assertThat(executions).isZero();
    assertThat(calls.size()).isEqualTo(3);

    calls =
        new AtMostOnce<>(
            new AtMostOnce.Limits(1, 100, 2, 1000, true), nanoTime::get, new Lenient());
    CompletableFuture<Integer> later = new CompletableFuture<>();
    CompletableFuture<Integer> first = begin("a", later);
    assertThat(call("other", "d")).isEqualTo(1);
    later.complete(9);
    assertThat(first).as("it is answered").isCompletedWithValue(9);
    assertThat(remembers("a")).isFalse();
    assertThat(remembers("d")).isTrue();
  }

  @Test
  void whatIsForgottenIsAnsweredAndNotRemembered() {
    CompletableFuture<Integer> later = new CompletableFuture<>();
    CompletableFuture<Integer> first = begin("a", later);
    call("client", "b");
    calls.forgetAll();
    assertThat(calls.size()).isZero();
    assertThat(call("client", "b")).isEqualTo(2);
    assertThat(call("client", "a")).isEqualTo(3);
    later.complete(9);
    assertThat(first).isCompletedWithValue(9);
    assertThat(call("client", "a")).isEqualTo(3);
    assertThat(calls.running()).isZero();
  }

  /** As when direct memory ends in the middle of it. */
  @Test
  void whoComesAgainAfterAnErrorDoesNotWaitForEver() {
    CompletableFuture<Integer> answer =
        calls.once(
            new Named("client", "a", HERE),
            () -> {
              throw new LinkageError("on purpose");
            });
    assertThat(answer).isCompletedExceptionally();
    assertThat(calls.running()).isZero();
    assertThat(call("client", "a")).isEqualTo(1);
  }

  @Test
  void rulesMayRefuseAndNothingHasChanged() {
    calls =
        new AtMostOnce<>(
            THREE,
            nanoTime::get,
            new Lenient() {
              @Override
              public void admit(Named call) {
                if (call.name.equals("no")) {
                  throw new IllegalArgumentException("not this");
                }
              }

              @Override
              public void repeated(Named earlier, Named again) {
                throw new IllegalArgumentException("not again");
              }
            });
    assertThatThrownBy(() -> call("client", "no")).hasMessage("not this");
    assertThat(calls.size()).isZero();
    assertThat(call("client", "a")).isEqualTo(1);
    assertThatThrownBy(() -> call("client", "a")).hasMessage("not again");
    assertThat(executions).isEqualTo(1);
  }

  /** The newest equal call may be another client's whose connection is gone since. */
  @Test
  void aCallThatIsSentAgainGetsItsOwnAnswerFirst() {
    Place mine = new Place(1, false);
    assertThat(call("client", "a", mine)).isEqualTo(1);
    assertThat(call("client", "a", new Place(2, false))).isEqualTo(2);
    Place mineWhenTheOtherIsGone = new Place(1, true);
    assertThat(call("client", "a", mineWhenTheOtherIsGone)).isEqualTo(1);
  }

  @Test
  void anAnswerCountsWithItsBytesAndOneThatIsLargerThanAllIsNotRemembered() {
    assertThat(begin("a", CompletableFuture.completedFuture(LARGE + 60))).isCompleted();
    assertThat(calls.bytes()).isEqualTo(61);
    assertThat(begin("b", CompletableFuture.completedFuture(LARGE + 60))).isCompleted();
    assertThat(remembers("a")).isFalse();
    assertThat(calls.bytes()).isEqualTo(61);
    assertThat(begin("c", CompletableFuture.completedFuture(LARGE + 100)))
        .as("it is answered")
        .isCompletedWithValue(LARGE + 100);
    assertThat(calls.size()).isZero();
    assertThat(calls.bytes()).isZero();
  }

  @Test
  void aClientWithItsEqualPartLosesItsOwnAnswerAndOneWithLessMakesTheGreedyOneLose() {
    calls = new AtMostOnce<>(new AtMostOnce.Limits(4, 100, 2, 1000, false), nanoTime::get, rules);
    for (String name : List.of("a", "b", "c")) {
      call("greedy", name);
    }
    call("modest", "d");
    call("modest", "e");
    assertThat(rules.heard).as("less than its part").containsExactly("a");
    call("modest", "f");
    assertThat(rules.heard).as("its part").containsExactly("a", "d");
    call("third", "g");
    assertThat(rules.heard).hasSize(3);
    assertThat(calls.size()).isEqualTo(4);
  }

  @Test
  void aCallThatWasForgottenIsRememberedOnlyIfItTookEffectAfterwards() {
    Named before = new Named("client", "a", HERE);
    Named after = new Named("client", "b", HERE);
    assertThat(calls.enter(before)).isNull();
    assertThat(calls.enter(after)).isNull();
    calls.forgetAll(7);
    calls.answered(before, 1, 6);
    calls.answered(after, 2, 7);
    assertThat(remembers("a")).isFalse();
    assertThat(call("client", "b")).isEqualTo(2);
    assertThat(calls.running()).isZero();
    assertThat(calls.size()).isEqualTo(1);
  }

  @Test
  void whatWaitsForACallThatIsGivenUpFailsAlsoIfItComesLate() {
    Named first = new Named("client", "a", HERE);
    assertThat(calls.enter(first)).isNull();
    Named again = new Named("client", "a", HERE);
    assertThat(calls.enter(again)).isSameAs(first);
    CompletableFuture<Integer> waiting = calls.answerOf(first);
    calls.forget(first);
    assertThat(waiting).isCompletedExceptionally();
    assertThat(calls.size()).isZero();

    Named second = new Named("client", "a", HERE);
    assertThat(calls.enter(second)).isNull();
    calls.forget(second);
    assertThat(calls.answerOf(second)).isCompletedExceptionally();
  }

  /** Chains of equal calls, lists of clients and sums stay right whatever order calls end in. */
  @Test
  void theBooksBalanceAfterAnyHistory() {
    for (long seed = 1; seed <= 50; seed++) {
      Random random = new Random(seed);
      calls = new AtMostOnce<>(new AtMostOnce.Limits(8, 60, 3, 1000, true), nanoTime::get, rules);
      List<Named> running = new ArrayList<>();
      for (int step = 0; step < 2000; step++) {
        int what = random.nextInt(100);
        if (what < 50) {
          Named call =
              new Named(
                  "c" + random.nextInt(3),
                  "n".repeat(1 + random.nextInt(5)),
                  new Place(random.nextInt(5), random.nextInt(4) == 0));
          if (calls.enter(call) == null) {
            running.add(call);
          }
        } else if (what < 99 && !running.isEmpty()) {
          Named call = running.remove(random.nextInt(running.size()));
          if (what < 60) {
            calls.forget(call);
          } else {
            calls.answered(call, LARGE + random.nextInt(20), AtMostOnce.NO_EFFECT);
          }
        } else if (what == 99) {
          calls.forgetAll();
          nanoTime.addAndGet(random.nextInt(800));
        }
        assertThat(calls.size()).as("seed %d, step %d", seed, step).isBetween(0, 8);
        assertThat(calls.bytes()).as("seed %d, step %d", seed, step).isBetween(0L, 60L);
        assertThat(calls.running()).as("seed %d, step %d", seed, step).isBetween(0, calls.size());
      }
      running.forEach(calls::forget);
      assertThat(calls.running()).as("seed %d", seed).isZero();
      calls.forgetAll();
      assertThat(calls.bytes()).isZero();
    }
  }
}
