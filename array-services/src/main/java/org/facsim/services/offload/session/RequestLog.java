/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.array.Caller;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;

/**
 * At most once: a session's requests and their answers.
 *
 * <p>A request is entered before it runs, so that a retransmission that overtakes the answer, on
 * this or on another connection, gets the same answer when it comes and nothing runs twice. Answers
 * are remembered up to a number, good and bad ones alike. What is forgotten leaves a trace: the
 * highest id forgotten. An unknown id up to it is refused, since it may have run; so even a
 * retransmission from the grave never runs a second time. That is why ids must grow within a
 * session (a window of requests in flight may arrive in any order).
 *
 * <p>When the array is restored to a named state, what the requests did is undone: all of them are
 * forgotten, those that run too, and their ids count as unused.
 *
 * <p>Known flaw: the log lives and dies with its session, which does not survive a restart of the
 * array. The host then learns that its session is unknown, and looks for itself.
 */
final class RequestLog {
  private final int capacity;

  // Guarded by this. Never held while a request runs.
  private final Map<Long, Entry> entriesById = new HashMap<>();
  private final Queue<Long> finishedIds = new ArrayDeque<>();
  private long highestForgottenId;
  private boolean anyForgotten;

  RequestLog(int capacity) {
    this.capacity = capacity;
  }

  /** What was asked, and by whom. */
  record Request(SessionRequest call, Caller caller) {
    /** A hash that stands for all of it, so that what is remembered takes few bytes. */
    byte[] fingerprint() {
      Fingerprint fingerprint = new Fingerprint().put(caller);
      call.putInto(fingerprint);
      return fingerprint.digest();
    }
  }

  /** Told apart by identity: the same request may be entered again after it was forgotten. */
  private static final class Entry {
    private final byte[] fingerprint;
    private final CompletableFuture<?> answer;

    Entry(byte[] fingerprint, CompletableFuture<?> answer) {
      this.fingerprint = fingerprint;
      this.answer = answer;
    }
  }

  /**
   * Runs a request unless it ran before.
   *
   * @param requestId unsigned
   * @param request tells a retransmission from a reuse of the id
   * @param execution runs outside all locks
   * @return the answer of the one execution
   * @throws OffloadFailure REQUEST if the id was used for another call or is too old, BUSY if the
   *     session has as many unanswered requests as it may
   */
  <T> CompletableFuture<T> once(
      long requestId, Request request, Supplier<CompletableFuture<T>> execution) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    Entry mine = new Entry(request.fingerprint(), answer);
    Entry earlier = enter(requestId, mine);
    if (earlier != null) {
      return earlierAnswer(earlier, requestId, mine);
    }
    try {
      var unused =
          execution
              .get()
              .whenComplete(
                  (reply, failure) -> {
                    finish(requestId, mine);
                    if (failure == null) {
                      answer.complete(reply);
                    } else {
                      answer.completeExceptionally(failure);
                    }
                  });
    } catch (RuntimeException | Error defect) { // whoever sends it again must not wait for ever
      finish(requestId, mine);
      answer.completeExceptionally(defect);
    }
    return answer;
  }

  /** Whether a request with this id is under way or was answered and is not forgotten. */
  synchronized boolean remembers(long requestId) {
    return entriesById.containsKey(requestId);
  }

  private synchronized Entry enter(long requestId, Entry entry) {
    Entry earlier = entriesById.get(requestId);
    if (earlier != null) {
      return earlier;
    }
    if (anyForgotten && Long.compareUnsigned(requestId, highestForgottenId) <= 0) {
      throw new OffloadFailure(
          OffloadError.REQUEST_REUSED,
          "request " + Long.toUnsignedString(requestId) + " is too old to be remembered");
    }
    if (entriesById.size() == capacity) {
      forgetOldest();
    }
    entriesById.put(requestId, entry);
    return null;
  }

  private void forgetOldest() {
    Long oldest = finishedIds.poll();
    if (oldest == null) {
      throw new OffloadFailure(OffloadError.BUSY, capacity + " requests are unanswered");
    }
    entriesById.remove(oldest);
    if (!anyForgotten || Long.compareUnsigned(oldest, highestForgottenId) > 0) {
      highestForgottenId = oldest;
      anyForgotten = true;
    }
  }

  private synchronized void finish(long requestId, Entry entry) {
    if (entriesById.get(requestId) == entry) { // else it was forgotten meanwhile
      finishedIds.add(requestId);
    }
  }

  /** Forgets every request; one that runs is answered and not remembered. */
  synchronized void forgetAll() {
    entriesById.clear();
    finishedIds.clear();
    anyForgotten = false;
    highestForgottenId = 0;
  }

  /** Whether every request is answered. */
  synchronized boolean isIdle() {
    return entriesById.size() == finishedIds.size();
  }

  /** The cast holds because equal calls are of one class, and a class of call has one answer. */
  @SuppressWarnings("unchecked")
  private static <T> CompletableFuture<T> earlierAnswer(Entry earlier, long requestId, Entry mine) {
    if (!MessageDigest.isEqual(earlier.fingerprint, mine.fingerprint)) {
      throw new OffloadFailure(
          OffloadError.REQUEST_REUSED,
          "request " + Long.toUnsignedString(requestId) + " was used for another call");
    }
    return (CompletableFuture<T>) earlier.answer;
  }
}
