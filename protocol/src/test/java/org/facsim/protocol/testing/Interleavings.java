/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.testing;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Whether something is linearizable: what threads do to it at once is what some order of the same
 * steps does, each thread's in its own order.
 *
 * <p>Random scenarios of a few steps: some before, some in each thread, some after. All outcomes
 * that orders have are found by running every order on a fresh subject, one step after the other.
 * Then the threads run the scenario many times, and each outcome must be one of those.
 *
 * @param <S> what is tried
 */
public final class Interleavings<S> {
  private static final int THREADS = 2;
  private static final int STEPS_PER_THREAD = 2;
  private static final int STEPS_BEFORE = 1;
  private static final int STEPS_AFTER = 3;

  /**
   * One thing that a thread may do.
   *
   * @param name for the report
   * @param run its result, compared by equals
   */
  public record Step<S>(String name, Function<S, Object> run) {
    @Override
    public String toString() {
      return name;
    }
  }

  private record Scenario<S>(
      List<Step<S>> before, List<List<Step<S>>> threads, List<Step<S>> after) {}

  private final Supplier<S> subjects;
  private final List<Step<S>> steps;

  /**
   * @param subjects makes a fresh one, always alike
   * @param steps to draw from
   */
  public Interleavings(Supplier<S> subjects, List<Step<S>> steps) {
    this.subjects = subjects;
    this.steps = List.copyOf(steps);
  }

  /**
   * Tries.
   *
   * @param scenarios how many, drawn at random
   * @param runs of each
   * @throws AssertionError with the seed, for an outcome that no order has
   */
  public void check(int scenarios, int runs) throws Exception {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      for (int i = 0; i < scenarios; i++) {
        Scenario<S> scenario = draw(random);
        Set<List<Object>> allowed = outcomesOfOrders(scenario);
        for (int run = 0; run < runs; run++) {
          List<Object> outcome = runAtOnce(scenario, pool);
          if (!allowed.contains(outcome)) {
            throw new AssertionError(
                "seed %d: %s answered %s; orders answer %s"
                    .formatted(seed, scenario, outcome, allowed));
          }
        }
      }
    } finally {
      pool.shutdownNow();
    }
  }

  /** For a step: stops long enough for other threads to come in between. */
  public static void letOthersIn() {
    LockSupport.parkNanos(1);
  }

  private Scenario<S> draw(SplittableRandom random) {
    List<List<Step<S>>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(draw(STEPS_PER_THREAD, random));
    }
    return new Scenario<>(draw(STEPS_BEFORE, random), threads, draw(STEPS_AFTER, random));
  }

  private List<Step<S>> draw(int count, SplittableRandom random) {
    List<Step<S>> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(steps.get(random.nextInt(steps.size())));
    }
    return drawn;
  }

  private Set<List<Object>> outcomesOfOrders(Scenario<S> scenario) {
    Set<List<Object>> outcomes = new HashSet<>();
    order(scenario, new ArrayList<>(), new int[THREADS], outcomes);
    return outcomes;
  }

  /** Completes an order in every way; each element is the thread whose next step is taken. */
  private void order(
      Scenario<S> scenario, List<Integer> begun, int[] taken, Set<List<Object>> outcomes) {
    boolean isWhole = true;
    for (int thread = 0; thread < THREADS; thread++) {
      if (taken[thread] < STEPS_PER_THREAD) {
        isWhole = false;
        taken[thread]++;
        begun.add(thread);
        order(scenario, begun, taken, outcomes);
        begun.remove(begun.size() - 1);
        taken[thread]--;
      }
    }
    if (isWhole) {
      outcomes.add(runInOrder(scenario, begun));
    }
  }

  private List<Object> runInOrder(Scenario<S> scenario, List<Integer> order) {
    S subject = subjects.get();
    List<List<Object>> results = emptyResults();
    run(subject, scenario.before, results.get(THREADS));
    int[] next = new int[THREADS];
    for (int thread : order) {
      run(subject, List.of(scenario.threads.get(thread).get(next[thread]++)), results.get(thread));
    }
    run(subject, scenario.after, results.get(THREADS));
    return List.copyOf(results);
  }

  private List<Object> runAtOnce(Scenario<S> scenario, ExecutorService pool) throws Exception {
    S subject = subjects.get();
    List<List<Object>> results = emptyResults();
    run(subject, scenario.before, results.get(THREADS));
    CyclicBarrier together = new CyclicBarrier(THREADS);
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    for (int thread = 0; thread < THREADS; thread++) {
      List<Step<S>> own = scenario.threads.get(thread);
      List<Object> into = results.get(thread);
      ends.add(
          CompletableFuture.runAsync(
              () -> {
                try {
                  together.await(30, TimeUnit.SECONDS);
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
                run(subject, own, into);
              },
              pool));
    }
    for (CompletableFuture<Void> end : ends) {
      end.get(30, TimeUnit.SECONDS);
    }
    run(subject, scenario.after, results.get(THREADS));
    return List.copyOf(results);
  }

  private static List<List<Object>> emptyResults() {
    List<List<Object>> results = new ArrayList<>();
    for (int i = 0; i <= THREADS; i++) {
      results.add(new ArrayList<>());
    }
    return results;
  }

  private static <S> void run(S subject, List<Step<S>> each, List<Object> into) {
    each.forEach(step -> into.add(step.run.apply(subject)));
  }
}
