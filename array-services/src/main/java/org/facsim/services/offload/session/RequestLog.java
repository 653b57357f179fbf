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
 * A session's requests and their answers, so that each request is executed at most once.
 *
 * <p>A request is entered before it runs. If it is sent again before it is answered, on this or
 * another connection, the retransmission waits for the same answer. A bounded number of answers is
 * remembered, failures included. When answers are forgotten, the highest forgotten id is kept. An
 * unknown id up to that one is refused, because its request may have run. So even a very late
 * retransmission is not executed a second time. Therefore ids must grow within a session; requests
 * that are under way together may arrive in any order.
 *
 * <p>When the array is restored to a named state, what the requests did is undone. All of them are
 * forgotten, those that run included, and their ids count as unused.
 *
 * <p>Known flaw: the log ends with its session, which does not survive a restart of the array. The
 * host is then told that its session is unknown, and must look at the files itself.
 */
final class RequestLog {
  private final AtMostOnce<Entry, Object> requests;

  RequestLog(int capacity) {
    requests =
        new AtMostOnce<>(AtMostOnce.Limits.ofCalls(capacity), System::nanoTime, new IdsGrow());
  }

  /** A request and its caller. */
  record Request(SessionRequest call, Caller caller) {
    /** Stands for the whole request and its caller. */
    byte[] fingerprint() {
      Fingerprint fingerprint = new Fingerprint().put(caller);
      call.putInto(fingerprint);
      return fingerprint.toBytes();
    }
  }

  /** A request that is recognized by its id alone. */
  private final class Entry extends RememberedCall<Entry, Object> {
    private final long requestId;
    private final byte[] fingerprint;

    Entry(long requestId, byte[] fingerprint) {
      this.requestId = requestId;
      this.fingerprint = fingerprint;
    }

    /** The session itself, because the table is its own. */
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

  /**
   * Refuses ids whose requests may have run and were forgotten, and ids that were used for another
   * request.
   */
  private static final class IdsGrow implements AtMostOnce.Rules<Entry, Object> {
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

    private static OffloadFailure refused(Entry entry, String why) {
      return new OffloadFailure(
          OffloadError.REQUEST_REUSED,
          "request " + Long.toUnsignedString(entry.requestId) + " " + why);
    }
  }

  /**
   * Executes a request unless it was executed before.
   *
   * @param requestId unsigned
   * @param request distinguishes a retransmission from a reuse of the id
   * @param execution executes the request; called without a lock
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

  /** Whether a request with this id is under way, or was answered and is not forgotten. */
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
