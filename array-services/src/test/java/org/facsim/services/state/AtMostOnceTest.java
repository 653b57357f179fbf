/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.junit.jupiter.api.Test;

/** Which call is answered as an earlier one; each test answers calls with their number. */
class AtMostOnceTest {
  private static final AtMostOnce.Limits THREE = new AtMostOnce.Limits(3, 100, 2, 1000, false);

  /** What is remembered is true unless its answer is negative; a key takes its length in bytes. */
  private static class Lenient implements AtMostOnce.Rules<String, Integer> {
    final List<String> heard = new ArrayList<>();

    @Override
    public int bytesOf(String key) {
      return key.length();
    }

    @Override
    public boolean isTrue(Integer answer, Throwable failure) {
      return failure == null && answer >= 0;
    }

    @Override
    public void forgotten(String key) {
      heard.add(key);
    }
  }

  private record Place(long id, boolean othersAreGone) implements AtMostOnce.Origin {
    @Override
    public boolean mayRepeat(long earlierId) {
      return othersAreGone || earlierId == id;
    }
  }

  private final AtomicLong nanoTime = new AtomicLong();
  private final Lenient rules = new Lenient();
  private AtMostOnce<String, Integer> calls = new AtMostOnce<>(THREE, nanoTime::get, rules);
  private int executions;

  private int call(String client, String key) {
    return call(client, key, AtMostOnce.Origin.ANYWHERE);
  }

  private int call(String client, String key, AtMostOnce.Origin origin) {
    return calls
        .once(client, key, origin, () -> CompletableFuture.completedFuture(++executions))
        .join();
  }

  private CompletableFuture<Integer> begin(String key, CompletableFuture<Integer> answer) {
    return calls.once("client", key, AtMostOnce.Origin.ANYWHERE, () -> answer);
  }

  @Test
  void whoeverComesAgainGetsTheAnswerOfTheFirstAlsoWhileItRuns() {
    CompletableFuture<Integer> later = new CompletableFuture<>();
    CompletableFuture<Integer> first = begin("a", later);
    assertThat(begin("a", CompletableFuture.completedFuture(5))).isSameAs(first).isNotDone();
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
    assertThat(calls.remembers("c")).isTrue();
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
    assertThat(calls.remembers("a")).isFalse();
    assertThat(calls.remembers("d")).isTrue();
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
            "client",
            "a",
            AtMostOnce.Origin.ANYWHERE,
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
              public void admit(String key) {
                if (key.equals("no")) {
                  throw new IllegalArgumentException("not this");
                }
              }

              @Override
              public void repeated(String earlier, String again) {
                throw new IllegalArgumentException("not again");
              }
            });
    assertThatThrownBy(() -> call("client", "no")).hasMessage("not this");
    assertThat(calls.size()).isZero();
    assertThat(call("client", "a")).isEqualTo(1);
    assertThatThrownBy(() -> call("client", "a")).hasMessage("not again");
    assertThat(executions).isEqualTo(1);
  }
}
