/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * At most once: calls that run or ran, with their answers, so that a call that is sent again is not
 * executed again. All doors remember their calls in tables of this class.
 *
 * <p>A call is entered before it runs ({@link #enter}). If the same call is sent again, it gets the
 * answer of the first, and waits for it if the first still runs. Two calls are the same if they are
 * equal and the second may come from the same place as the first ({@link
 * RememberedCall#mayRepeat}). An answer is used for a limited time, and only as long as it is true;
 * after that, the call runs anew.
 *
 * <p>The number of calls and their bytes are bounded. If one bound is reached, a client that has
 * its equal part or more loses its own oldest answer; otherwise the client that has most loses its
 * oldest one. So a client that floods the table pushes out its own answers first. Calls that run
 * are kept, unless the limits say that they may be forgotten; such a call is answered and not
 * remembered.
 *
 * <p>When a named state is restored, what the calls did is undone: {@link #forgetAll(long)} forgets
 * all calls. A call that runs meanwhile is answered. It is remembered only if it took effect after
 * the restore.
 *
 * <p>Thousands of calls a second pass through here, so a call costs one object, its own: the object
 * is key, entry and answer, and the lists of a client are links in it. One monitor guards all of it
 * and is never held while a call runs. Thread-safe. The memory ends with the array's run.
 *
 * @param <C> calls of one kind
 * @param <A> what a call answers
 */
public final class AtMostOnce<C extends RememberedCall<C, A>, A> {
  /** The era of a call that did not say when it took effect; no table is ever in it. */
  public static final long NO_EFFECT = Long.MIN_VALUE;

  private static final long FIRST_ERA = NO_EFFECT + 1;

  /**
   * What is remembered at most.
   *
   * @param calls of all clients together, 1 or more
   * @param bytes of all calls and answers together, 0 or more
   * @param equalCalls how many equal calls from different places are remembered, 1 or more; the
   *     oldest is forgotten first
   * @param believedNanos how long an answer is used, counted from the entry of its call
   * @param forgetsRunning whether running calls are forgotten if no answer is left to be forgotten;
   *     otherwise one more call is refused
   */
  public record Limits(
      int calls, long bytes, int equalCalls, long believedNanos, boolean forgetsRunning) {
    public Limits {
      if (calls < 1 || bytes < 0 || equalCalls < 1) {
        throw new IllegalArgumentException(
            calls + " calls, " + bytes + " bytes, " + equalCalls + " equal calls");
      }
    }

    /** The limits for a number of calls, whose answers are used for ever. */
    public static Limits ofCalls(int calls) {
      return new Limits(calls, Long.MAX_VALUE, 1, Long.MAX_VALUE, false);
    }
  }

  /** What is special about one kind of calls. Called in the monitor: must not block, may throw. */
  public interface Rules<C, A> {
    /** The bytes that a call takes while it runs. */
    default int bytesOf(C call) {
      return 0;
    }

    /** The bytes that an answer takes in addition; 0 for a failure. */
    default int bytesOfAnswer(C call, A answer) {
      return 0;
    }

    /**
     * Whether what a call answered can be given again; otherwise the call runs anew.
     *
     * @param answer null if it failed
     * @param failure null if it did not
     */
    default boolean isTrue(A answer, Throwable failure) {
      return true;
    }

    /** Called before a call is entered; an exception refuses the call. */
    default void admit(C call) {}

    /** Called before a call gets the answer of an earlier one; an exception refuses the call. */
    default void repeated(C earlier, C again) {}

    /** A call was forgotten to make room for another. */
    default void forgotten(C call) {}

    /** Every call was forgotten. */
    default void forgottenAll() {}
  }

  private final Limits limits;
  private final LongSupplier nanoTime;
  private final Rules<? super C, ? super A> rules;

  // Guarded by this.
  private final EqualCalls<C> byValue = new EqualCalls<>();
  private final ClientShares<C, A> shares;
  private long bytes;
  private int calls;
  private int running;
  private long era = FIRST_ERA;

  /**
   * @param nanoTime tells how long ago a call came
   */
  public AtMostOnce(Limits limits, LongSupplier nanoTime, Rules<? super C, ? super A> rules) {
    this.limits = Objects.requireNonNull(limits);
    this.nanoTime = Objects.requireNonNull(nanoTime);
    this.rules = Objects.requireNonNull(rules);
    shares = new ClientShares<>(limits);
  }

  /**
   * Executes a call unless it was executed, or is being executed.
   *
   * @param execution runs outside the monitor; may throw what a refusal throws
   * @return the answer of the one execution
   * @throws ArrayException as {@link #enter}
   */
  public CompletableFuture<A> once(C mine, Supplier<CompletableFuture<A>> execution) {
    CompletableFuture<A> future = new CompletableFuture<>();
    mine.future = future;
    C earlier = enter(mine);
    if (earlier != null) {
      return answerOf(earlier);
    }
    try {
      var unused = execution.get().whenComplete((answer, failure) -> end(mine, answer, failure));
    } catch (RuntimeException | Error refused) { // a retransmission must not wait for ever
      end(mine, null, refused);
    }
    return future;
  }

  private void end(C call, A answer, Throwable failure) {
    if (failure == null) {
      answered(call, answer, NO_EFFECT);
    } else {
      end(call, null, failure, NO_EFFECT);
    }
  }

  /**
   * Enters a call before it runs.
   *
   * @return null if the call was entered: the caller executes it, and then calls {@link #answered}
   *     or {@link #forget}. Otherwise the same call as it was entered earlier, see {@link
   *     #answerOf}
   * @throws ArrayException BUSY if so many calls run that there is no room for one more; in this
   *     case, and if the rules throw, nothing has changed
   */
  public C enter(C mine) {
    long nowNanos = nanoTime.getAsLong();
    synchronized (this) {
      C newest = byValue.addFirst(mine);
      if (newest != null) {
        C earlier = earlier(newest, mine, nowNanos);
        if (earlier != null) {
          rules.repeated(earlier, mine);
          return earlier;
        }
      }
      mine.sinceNanos = nowNanos;
      boolean entered = false;
      try {
        admit(mine, newest != null);
        entered = true;
      } finally {
        if (!entered && newest == null) {
          byValue.remove(mine);
        }
      }
      return null;
    }
  }

  private void admit(C mine, boolean hadEqual) {
    rules.admit(mine);
    int ownBytes = rules.bytesOf(mine);
    if (hadEqual) {
      C oldest = byValue.oldestOf(mine, limits.equalCalls());
      if (oldest != null) {
        remove(oldest);
      }
    }
    ClientShares.Share<C, A> share = shares.of(mine);
    makeRoom(share, ownBytes);
    if (hadEqual) {
      byValue.add(mine);
    }
    count(mine, share, ownBytes);
  }

  /** The entry of the same call; forgets equal calls whose answers are not used any more. */
  private C earlier(C newest, C mine, long nowNanos) {
    C repeated = null;
    C next;
    for (C at = newest; at != null; at = next) {
      next = at.nextEqual;
      if (!isBelieved(at, nowNanos)) {
        remove(at);
      } else if (at.originId() == mine.originId()) {
        return at; // its own call, even if another one's connection is gone
      } else if (mine.mayRepeat(at.originId())) {
        repeated = at; // the oldest of them in the end
      }
    }
    return repeated;
  }

  private boolean isBelieved(C earlier, long nowNanos) {
    return nowNanos - earlier.sinceNanos <= limits.believedNanos()
        && (!earlier.hasEnded || rules.isTrue(earlier.answer, earlier.failure));
  }

  /**
   * The answer of a call that was entered, when it has one.
   *
   * @return fails if the call failed or was forgotten by {@link #forget}
   */
  public synchronized CompletableFuture<A> answerOf(C earlier) {
    if (earlier.future == null) {
      earlier.future = new CompletableFuture<>();
      if (earlier.hasNoResults) {
        earlier.future.completeExceptionally(noResults());
      } else if (earlier.hasEnded) {
        complete(earlier.future, earlier.answer, earlier.failure);
      }
    }
    return earlier.future;
  }

  /**
   * Remembers what a call answered. If the call was forgotten meanwhile, it is remembered only if
   * it took effect afterwards.
   *
   * @param effectEra the era in which the call took effect, see {@link #forgetAll(long)}, or {@link
   *     #NO_EFFECT}
   */
  public void answered(C call, A answer, long effectEra) {
    end(call, answer, null, effectEra);
  }

  private void end(C call, A answer, Throwable failure, long effectEra) {
    CompletableFuture<A> waiting;
    synchronized (this) {
      int moreBytes = failure == null ? rules.bytesOfAnswer(call, answer) : 0;
      call.answer = answer;
      call.failure = failure;
      waiting = call.future;
      if (call.isRemembered) {
        call.share.running.remove(call);
        call.hasEnded = true;
        call.share.ended.add(call);
        call.share.bytes += moreBytes;
        call.bytes += moreBytes;
        bytes += moreBytes;
        running--;
        keepBounds(call.share);
      } else {
        call.hasEnded = true;
        if (effectEra == era) {
          byValue.add(call);
          count(call, shares.of(call), rules.bytesOf(call) + moreBytes);
          keepBounds(call.share);
        }
      }
    }
    if (waiting != null) {
      complete(waiting, answer, failure);
    }
  }

  /** Forgets a call that changed nothing that must be protected; what waits for it fails. */
  public void forget(C call) {
    CompletableFuture<A> waiting;
    synchronized (this) {
      if (call.isRemembered) {
        remove(call);
      }
      waiting = call.future;
      call.hasNoResults = true;
      call.hasEnded = true;
    }
    if (waiting != null) {
      waiting.completeExceptionally(noResults());
    }
  }

  private static IllegalStateException noResults() {
    return new IllegalStateException("the first call has no results");
  }

  private static <A> void complete(CompletableFuture<A> future, A answer, Throwable failure) {
    if (failure == null) {
      future.complete(answer);
    } else {
      future.completeExceptionally(failure);
    }
  }

  // ---------------------------------------------------------------- in the monitor

  /** Before a call of the client with this share is entered. */
  private void makeRoom(ClientShares.Share<C, A> share, int moreBytes) {
    while (calls >= limits.calls() || bytes > limits.bytes() - moreBytes) {
      C oldest = shares.oldestAnswer(share);
      if (oldest == null && limits.forgetsRunning()) {
        oldest = shares.oldestRunning();
      }
      if (oldest == null) {
        throw new ArrayException(ArrayError.BUSY, calls + " requests are unanswered");
      }
      remove(oldest);
      rules.forgotten(oldest);
    }
  }

  /** After a call has ended, whose answer may be larger than all that may be remembered. */
  private void keepBounds(ClientShares.Share<C, A> share) {
    while (bytes > limits.bytes() || calls > limits.calls()) {
      C oldest = shares.oldestAnswer(share);
      if (oldest == null) {
        return;
      }
      remove(oldest);
      rules.forgotten(oldest);
    }
  }

  private void count(C call, ClientShares.Share<C, A> share, int ownBytes) {
    call.bytes = ownBytes;
    call.isRemembered = true;
    shares.add(call, share);
    calls++;
    bytes += ownBytes;
    running += call.hasEnded ? 0 : 1;
  }

  private void remove(C call) {
    byValue.remove(call);
    shares.remove(call);
    call.isRemembered = false;
    calls--;
    bytes -= call.bytes;
    running -= call.hasEnded ? 0 : 1;
  }

  // ---------------------------------------------------------------- all calls

  /** Forgets every call; those that run are answered and not remembered. */
  public void forgetAll() {
    forgetAll(FIRST_ERA);
  }

  /**
   * Forgets every call because an era begins: what earlier calls did is undone. A call that runs
   * now is remembered if it takes effect in the new era, see {@link #answered}.
   *
   * @param newEra greater than all before
   */
  public synchronized void forgetAll(long newEra) {
    era = newEra;
    byValue.clear(AtMostOnce::isForgotten);
    shares.clear();
    bytes = 0;
    calls = 0;
    running = 0;
    rules.forgottenAll();
  }

  private static <C extends RememberedCall<C, ?>> void isForgotten(C call) {
    call.isRemembered = false;
    call.share = null;
    call.older = null;
    call.newer = null;
  }

  /** Whether a call that equals this one runs, or was answered and is not forgotten. */
  public synchronized boolean remembers(C call) {
    return byValue.newest(call) != null;
  }

  /** How many calls are remembered; those that run are included. */
  public synchronized int size() {
    return calls;
  }

  /** How many calls run and are remembered. */
  public synchronized int running() {
    return running;
  }

  /** The bytes of all remembered calls and answers. */
  public synchronized long bytes() {
    return bytes;
  }
}
