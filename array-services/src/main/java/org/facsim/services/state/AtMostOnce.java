/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * At most once: calls that run or ran, with their answers, so that a call that is sent again is not
 * made again.
 *
 * <p>A call is entered before it runs. The same call, that is one with an equal key, from where the
 * first may have come, gets the answer of the first: when it is there, if the first still runs. It
 * is believed for a while, and as long as it is true; after that the call runs anew.
 *
 * <p>Bounded in number and in bytes. When either is used up, the client that has most loses its
 * answer that is the oldest, so that a storm of one client pushes out its own first. What runs is
 * kept, unless the limits say that it may go, too; then it is answered and not remembered.
 *
 * <p>When a named state is restored, what calls did is undone: {@link #forgetAll} forgets all of
 * them, those that run, too, which are answered and not remembered.
 *
 * <p>One monitor guards everything, and is never held while a call runs. Thread-safe. The memory
 * ends with the array's run.
 *
 * @param <K> what makes two calls the same; with equality by value
 * @param <A> what a call answers
 */
public final class AtMostOnce<K, A> {
  /** Where a call came from, as far as that tells a retransmission from somebody else's call. */
  public interface Origin {
    /** From which every call may be a retransmission of any other. */
    Origin ANYWHERE =
        new Origin() {
          @Override
          public long id() {
            return 0;
          }

          @Override
          public boolean mayRepeat(long earlierId) {
            return true;
          }
        };

    /** Unlike that of any other place. */
    long id();

    /** Whether a call of the place with this id may be the one that came from here now. */
    boolean mayRepeat(long earlierId);
  }

  /**
   * What is remembered at most.
   *
   * @param calls of all clients together, 1 or more
   * @param bytes of all keys together
   * @param equalCalls with one key, from different places, 1 or more; the oldest goes first
   * @param believedNanos for how long an answer is believed, from the start of its call
   * @param forgetsRunning whether calls that run make room when no answer is left that could; else
   *     one call more is refused
   */
  public record Limits(
      int calls, long bytes, int equalCalls, long believedNanos, boolean forgetsRunning) {
    public Limits {
      if (calls < 1 || bytes < 1 || equalCalls < 1) {
        throw new IllegalArgumentException(calls + " calls, " + bytes + " bytes");
      }
    }

    /** So many calls, whose answers are believed for ever. */
    public static Limits ofCalls(int calls) {
      return new Limits(calls, Long.MAX_VALUE, 1, Long.MAX_VALUE, false);
    }
  }

  /** What one kind of calls has of its own. Asked in the monitor: must not block, may throw. */
  public interface Rules<K, A> {
    /** Bytes that a key takes. */
    int bytesOf(K key);

    /**
     * Whether what a call answered can be given again; else the call runs anew.
     *
     * @param answer null if it failed
     * @param failure null if it did not
     */
    boolean isTrue(A answer, Throwable failure);

    /** A call is about to be entered that nothing is remembered of; an exception refuses it. */
    default void admit(K key) {}

    /** A call is about to be answered as an earlier one; an exception refuses it. */
    default void repeated(K earlier, K again) {}

    /** A call had to make room for another. */
    default void forgotten(K key) {}

    /** Every call was forgotten. */
    default void forgottenAll() {}
  }

  private static final class Call<K, A> {
    final K key;
    final Object client;
    final long originId;
    final long sinceNanos;
    final int bytes;
    final CompletableFuture<A> answer = new CompletableFuture<>();

    Call(K key, Object client, long originId, long sinceNanos, int bytes) {
      this.key = key;
      this.client = client;
      this.originId = originId;
      this.sinceNanos = sinceNanos;
      this.bytes = bytes;
    }
  }

  /** What one client has, in the order of coming; the answers in the order of their ends. */
  private static final class Share<K, A> {
    final Set<Call<K, A>> running = new LinkedHashSet<>();
    final Set<Call<K, A>> ended = new LinkedHashSet<>();
    long bytes;
    int calls;

    boolean hasMoreThan(Share<K, A> other) {
      return calls == other.calls ? bytes > other.bytes : calls > other.calls;
    }
  }

  private final Limits limits;
  private final LongSupplier nanoTime;
  private final Rules<K, A> rules;

  // Guarded by this.
  private final Map<K, List<Call<K, A>>> byKey = new HashMap<>();
  private final Map<Object, Share<K, A>> byClient = new HashMap<>();
  private long bytes;
  private int calls;
  private int running;

  /**
   * @param nanoTime tells how long ago a call came
   */
  public AtMostOnce(Limits limits, LongSupplier nanoTime, Rules<K, A> rules) {
    this.limits = Objects.requireNonNull(limits);
    this.nanoTime = Objects.requireNonNull(nanoTime);
    this.rules = Objects.requireNonNull(rules);
  }

  /**
   * Makes a call unless it was made, or is being made.
   *
   * @param client by whom the memory is shared out
   * @param execution makes it, outside the monitor; may throw what a refusal throws
   * @return the answer of the one execution
   * @throws ArrayException BUSY if so many calls run that there is no room for one more, and what
   *     the rules throw; nothing has changed
   */
  public CompletableFuture<A> once(
      Object client, K key, Origin origin, Supplier<CompletableFuture<A>> execution) {
    Call<K, A> mine =
        new Call<>(key, client, origin.id(), nanoTime.getAsLong(), rules.bytesOf(key));
    CompletableFuture<A> earlier = enter(mine, origin);
    if (earlier != null) {
      return earlier;
    }
    try {
      var unused = execution.get().whenComplete((answer, failure) -> end(mine, answer, failure));
    } catch (RuntimeException | Error refused) { // whoever sends it again must not wait for ever
      end(mine, null, refused);
    }
    return mine.answer;
  }

  private synchronized CompletableFuture<A> enter(Call<K, A> mine, Origin origin) {
    List<Call<K, A>> equal = byKey.getOrDefault(mine.key, List.of());
    for (Call<K, A> earlier : List.copyOf(equal)) {
      if (!isBelieved(earlier, mine.sinceNanos)) {
        remove(earlier);
      } else if (origin.mayRepeat(earlier.originId)) {
        rules.repeated(earlier.key, mine.key);
        return earlier.answer;
      }
    }
    rules.admit(mine.key);
    if (equal.size() >= limits.equalCalls()) {
      remove(equal.get(0));
    }
    makeRoom(mine.bytes);
    byKey.computeIfAbsent(mine.key, unused -> new ArrayList<>(1)).add(mine);
    Share<K, A> share = byClient.computeIfAbsent(mine.client, unused -> new Share<>());
    share.running.add(mine);
    count(share, mine, 1);
    running++;
    return null;
  }

  private boolean isBelieved(Call<K, A> earlier, long nowNanos) {
    if (nowNanos - earlier.sinceNanos > limits.believedNanos()) {
      return false;
    }
    if (!earlier.answer.isDone()) {
      return true;
    }
    A answer = null;
    Throwable failure = null;
    if (earlier.answer.isCompletedExceptionally()) {
      failure = earlier.answer.handle((unused, why) -> why).join();
    } else {
      answer = earlier.answer.join();
    }
    return rules.isTrue(answer, failure);
  }

  private void makeRoom(int moreBytes) {
    while (calls >= limits.calls() || moreBytes > limits.bytes() - bytes) {
      Call<K, A> oldest = oldest(share -> share.ended);
      if (oldest == null && limits.forgetsRunning()) {
        oldest = oldest(share -> share.running);
      }
      if (oldest == null) {
        throw new ArrayException(ArrayError.BUSY, calls + " requests are unanswered");
      }
      remove(oldest);
      rules.forgotten(oldest.key);
    }
  }

  /** Of the client that has most among those that have one. */
  private Call<K, A> oldest(Function<Share<K, A>, Set<Call<K, A>>> among) {
    Share<K, A> most = null;
    for (Share<K, A> share : byClient.values()) {
      if (!among.apply(share).isEmpty() && (most == null || share.hasMoreThan(most))) {
        most = share;
      }
    }
    return most == null ? null : among.apply(most).iterator().next();
  }

  private void end(Call<K, A> call, A answer, Throwable failure) {
    synchronized (this) {
      Share<K, A> share = byClient.get(call.client);
      if (share != null && share.running.remove(call)) { // else it was forgotten meanwhile
        share.ended.add(call);
        running--;
      }
    }
    if (failure == null) {
      call.answer.complete(answer);
    } else {
      call.answer.completeExceptionally(failure);
    }
  }

  private void remove(Call<K, A> call) {
    List<Call<K, A>> equal = byKey.get(call.key);
    equal.remove(call);
    if (equal.isEmpty()) {
      byKey.remove(call.key);
    }
    Share<K, A> share = byClient.get(call.client);
    if (share.running.remove(call)) {
      running--;
    } else {
      share.ended.remove(call);
    }
    count(share, call, -1);
    if (share.calls == 0) {
      byClient.remove(call.client);
    }
  }

  private void count(Share<K, A> share, Call<K, A> call, int sign) {
    share.calls += sign;
    share.bytes += (long) sign * call.bytes;
    calls += sign;
    bytes += (long) sign * call.bytes;
  }

  /** Forgets every call; one that runs is answered and not remembered. */
  public synchronized void forgetAll() {
    byKey.clear();
    byClient.clear();
    bytes = 0;
    calls = 0;
    running = 0;
    rules.forgottenAll();
  }

  /** Whether a call with this key is under way, or was answered and is not forgotten. */
  public synchronized boolean remembers(K key) {
    return byKey.containsKey(key);
  }

  /** Calls that are remembered, those that run included. */
  public synchronized int size() {
    return calls;
  }

  /** Calls that run and are remembered. */
  public synchronized int running() {
    return running;
  }
}
