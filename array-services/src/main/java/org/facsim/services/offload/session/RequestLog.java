/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.LinkDecision;
import org.facsim.services.offload.ArrayErrors;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.facsim.services.state.AtMostOnce;
import org.facsim.services.state.RememberedCall;

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
  private final AtMostOnce<Entry, Object> requests;

  RequestLog(int capacity) {
    requests =
        new AtMostOnce<>(AtMostOnce.Limits.ofCalls(capacity), System::nanoTime, new IdsGrow());
  }

  /** What was asked, and by whom. */
  record Request(SessionRequest call, Caller caller) {
    /** What stands for all of it. */
    byte[] fingerprint() {
      Fingerprint fingerprint = new Fingerprint().put(caller);
      call.putInto(fingerprint);
      return fingerprint.toBytes();
    }
  }

  /** A request by its id alone, which is all that the session goes by. */
  private final class Entry extends RememberedCall<Entry, Object> {
    private final long requestId;
    private final byte[] fingerprint;

    Entry(long requestId, byte[] fingerprint) {
      this.requestId = requestId;
      this.fingerprint = fingerprint;
    }

    /** The session itself: the table is all its own. */
    @Override
    protected Object client() {
      return RequestLog.this;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Entry entry && entry.requestId == requestId;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(requestId);
    }
  }

  /** Refuses what may have run and was forgotten, and ids that were used for another call. */
  private final class IdsGrow implements AtMostOnce.Rules<Entry, Object> {
    private long highestForgottenId;
    private boolean anyForgotten;

    /** A call that got no answer, because a link of the call chain said so, was none. */
    @Override
    public boolean isTrue(Object answer, Throwable failure) {
      return !(LinkDecision.in(failure).orElse(null) instanceof CallOverruled);
    }

    @Override
    public void admit(Entry entry) {
      if (anyForgotten && Long.compareUnsigned(entry.requestId, highestForgottenId) <= 0) {
        throw refused(entry, "is too old to be remembered");
      }
    }

    @Override
    public void repeated(Entry earlier, Entry again) {
      if (!Arrays.equals(earlier.fingerprint, again.fingerprint)) {
        throw refused(again, "was used for another call");
      }
    }

    @Override
    public void forgotten(Entry entry) {
      if (!anyForgotten || Long.compareUnsigned(entry.requestId, highestForgottenId) > 0) {
        highestForgottenId = entry.requestId;
        anyForgotten = true;
      }
    }

    @Override
    public void forgottenAll() {
      anyForgotten = false;
      highestForgottenId = 0;
    }

    private OffloadFailure refused(Entry entry, String why) {
      return new OffloadFailure(
          OffloadError.REQUEST_REUSED,
          "request " + Long.toUnsignedString(entry.requestId) + " " + why);
    }
  }

  /**
   * Runs a request unless it ran before.
   *
   * @param requestId unsigned
   * @param request tells a retransmission from a reuse of the id
   * @param execution runs outside all locks
   * @return the answer of the one execution
   * @throws OffloadFailure REQUEST_REUSED if the id was used for another call or is too old, BUSY
   *     if the session has as many unanswered requests as it may
   */
  @SuppressWarnings("unchecked") // equal calls are of one class, and a class has one answer
  <T> CompletableFuture<T> once(
      long requestId, Request request, Supplier<CompletableFuture<T>> execution) {
    Entry entry = new Entry(requestId, request.fingerprint());
    Supplier<?> untyped = execution;
    try {
      return (CompletableFuture<T>)
          requests.once(entry, (Supplier<CompletableFuture<Object>>) untyped);
    } catch (ArrayException busy) {
      throw ArrayErrors.failureOf(busy);
    }
  }

  /** Whether a request with this id is under way or was answered and is not forgotten. */
  boolean remembers(long requestId) {
    return requests.remembers(new Entry(requestId, null));
  }

  /** Forgets every request; one that runs is answered and not remembered. */
  void forgetAll() {
    requests.forgetAll();
  }

  /** Whether every request is answered. */
  boolean isIdle() {
    return requests.running() == 0;
  }
}
