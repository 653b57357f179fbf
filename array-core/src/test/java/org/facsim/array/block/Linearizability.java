/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;

/**
 * Whether what threads did beside each other could have been done one after the other: searches for
 * an order that keeps to who ended before who began, and in which every answer is what a model
 * answers. For histories of a dozen calls or two.
 *
 * @param <S> the model's states: immutable, with equals
 */
final class Linearizability<S> {
  /** A call that has ended. */
  private record Call<S>(long began, long ended, String text, UnaryOperator<S> effect) {}

  /** How far a search has come. */
  private record Point<S>(long done, S state) {}

  private final AtomicLong clock = new AtomicLong();
  private final List<Call<S>> calls = new ArrayList<>();

  /** The time before a call begins. */
  long now() {
    return clock.incrementAndGet();
  }

  /**
   * Notes a call that has just ended.
   *
   * @param effect the state after it; null if its answer does not fit the state before
   */
  synchronized void ended(long began, String text, UnaryOperator<S> effect) {
    calls.add(new Call<>(began, clock.incrementAndGet(), text, effect));
  }

  boolean holdsFrom(S first) {
    return search(new Point<>(0, first), new HashSet<>());
  }

  private boolean search(Point<S> point, Set<Point<S>> failed) {
    if (point.done() == (1L << calls.size()) - 1) {
      return true;
    }
    if (failed.contains(point)) {
      return false;
    }
    long firstEnd = Long.MAX_VALUE;
    for (int i = 0; i < calls.size(); i++) {
      if ((point.done() & 1L << i) == 0) {
        firstEnd = Math.min(firstEnd, calls.get(i).ended());
      }
    }
    for (int i = 0; i < calls.size(); i++) {
      Call<S> call = calls.get(i);
      if ((point.done() & 1L << i) == 0 && call.began() < firstEnd) {
        S next = call.effect().apply(point.state());
        if (next != null && search(new Point<>(point.done() | 1L << i, next), failed)) {
          return true;
        }
      }
    }
    failed.add(point);
    return false;
  }

  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    calls.forEach(
        call -> lines.add("%d to %d: %s".formatted(call.began(), call.ended(), call.text())));
    return String.join(System.lineSeparator(), lines);
  }
}
