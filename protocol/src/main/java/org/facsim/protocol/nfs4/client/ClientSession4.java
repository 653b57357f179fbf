/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import io.netty.buffer.ByteBuf;
import io.netty.util.IllegalReferenceCountException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * A session as its client sees it: RFC 8881 section 2.10.6. Each request takes a free slot and the
 * next number of it, in a SEQUENCE that is put in front. What is sent again, because a reply was
 * lost, has the same slot and number, so the server executes it once. Sending again is the affair
 * of the caller of RPCs below: if its future fails, nobody knows whether the server has seen the
 * number, so the slot is not used any more.
 *
 * <p>If the server is still executing a request that it gets again (DELAY from SEQUENCE), that
 * request is sent once more after a pause. Any other failure of SEQUENCE leaves the slot as it was,
 * and fails the request with a {@link CompoundException} of SEQUENCE.
 *
 * <p>Slot 0 is kept for {@link #renew}. Thread-safe; nothing blocks.
 */
public final class ClientSession4 {
  /** In {@link #statusFlags}: all state was revoked, because the lease had run out. */
  public static final int EXPIRED_ALL_STATE_REVOKED = 0x8;

  /** In {@link #statusFlags}: some state was revoked for that reason. */
  public static final int EXPIRED_SOME_STATE_REVOKED = 0x10;

  /** In {@link #statusFlags}: the server has restarted, and state must be reclaimed. */
  public static final int RESTART_RECLAIM_NEEDED = 0x100;

  private static final int MAX_WAITING = 1 << 16;

  private final Nfs4Client client;
  private final SessionId4 id;
  private final Consumer<Runnable> pause;
  private final Slot ofRenewals;
  private volatile int statusFlags;

  // Guarded by the monitor.
  private final List<Slot> free = new ArrayList<>();
  private final List<Slot> busy = new ArrayList<>();
  private final ArrayDeque<Request<?>> waiting = new ArrayDeque<>();
  private RuntimeException end;
  private int highestTarget;

  private static final class Slot {
    final int index;

    /** The next number; written by whoever has the slot, or under the monitor for renewals. */
    int sequence = 1;

    Slot(int index) {
      this.index = index;
    }
  }

  /**
   * A session that was just created.
   *
   * @param client sends its requests, over whichever connections are bound to it
   * @param slots as CREATE_SESSION returned, 1 and more; with one, renewals and requests share it
   *     and must not be mixed
   * @param pause runs what it is given after a moment
   */
  public ClientSession4(Nfs4Client client, SessionId4 id, int slots, Consumer<Runnable> pause) {
    this.client = Objects.requireNonNull(client);
    this.id = Objects.requireNonNull(id);
    this.pause = Objects.requireNonNull(pause);
    ofRenewals = new Slot(0);
    for (int i = 1; i < slots; i++) {
      free.add(new Slot(i));
    }
    if (slots == 1) {
      free.add(ofRenewals);
    }
    highestTarget = slots - 1;
  }

  public SessionId4 id() {
    return id;
  }

  /** What the last SEQUENCE said about the state of the client: {@code sr_status_flags}. */
  public int statusFlags() {
    return statusFlags;
  }

  private static final class Request<T> {
    final Compound4 operations;
    final boolean cacheThis;
    final ByteBuf payload;
    final Function<Results4, T> results;
    final CompletableFuture<T> answer = new CompletableFuture<>();

    Request(
        Compound4 operations, boolean cacheThis, ByteBuf payload, Function<Results4, T> results) {
      this.operations = operations;
      this.cacheThis = cacheThis;
      this.payload = payload;
      this.results = results;
      if (payload != null) {
        var unused = answer.whenComplete((value, failure) -> payload.release());
      }
    }
  }

  /** How a request ended: with a SEQUENCE that failed, with a value, or with a failure. */
  private record Outcome<T>(CompoundException sequence, T value, RuntimeException failure) {}

  /**
   * Sends a request as soon as a slot is free.
   *
   * @param cacheThis whether the server is to remember the reply: for what must not run twice
   * @param results reads the results behind those of SEQUENCE
   */
  public <T> CompletableFuture<T> call(
      Compound4 operations, boolean cacheThis, Function<Results4, T> results) {
    return start(new Request<>(operations, cacheThis, null, results));
  }

  /**
   * Sends a request that ends with bulk data; the reply is not remembered.
   *
   * @param operations end with {@link Compound4#writePayload}
   * @param payload released when the request has ended
   */
  public <T> CompletableFuture<T> call(
      Compound4 operations, ByteBuf payload, Function<Results4, T> results) {
    return start(new Request<>(operations, false, payload, results));
  }

  private <T> CompletableFuture<T> start(Request<T> request) {
    Slot slot = null;
    RuntimeException refusal;
    synchronized (this) {
      refusal = end;
      if (refusal == null) {
        slot = takeFree();
        if (slot == null && waiting.size() < MAX_WAITING) {
          waiting.add(request);
          return request.answer;
        }
        refusal = slot == null ? new IllegalStateException(MAX_WAITING + " requests wait") : null;
      }
    }
    if (refusal != null) {
      request.answer.completeExceptionally(refusal);
    } else {
      send(request, slot);
    }
    return request.answer;
  }

  private Slot takeFree() {
    for (int i = 0; i < free.size(); i++) {
      if (free.get(i).index <= highestTarget || busy.isEmpty()) {
        Slot slot = free.remove(i);
        busy.add(slot);
        return slot;
      }
    }
    return null;
  }

  private synchronized int highestInUse() {
    return busy.stream().mapToInt(slot -> slot.index).max().orElse(0);
  }

  private <T> void send(Request<T> request, Slot slot) {
    Compound4 whole =
        Compound4.empty()
            .sequence(
                id,
                slot.sequence,
                slot.index,
                Math.max(slot.index, highestInUse()),
                request.cacheThis)
            .addAll(request.operations);
    Function<Results4, Outcome<T>> decoder = results -> outcome(results, request.results);
    CompletableFuture<Outcome<T>> sent;
    if (request.payload == null) {
      sent = client.send(whole, decoder);
    } else {
      try {
        sent = client.send(whole, request.payload.retainedDuplicate(), decoder);
      } catch (IllegalReferenceCountException ended) {
        sent = CompletableFuture.failedFuture(ended);
      }
    }
    var unused = sent.whenComplete((outcome, failure) -> ended(request, slot, outcome, failure));
  }

  private <T> Outcome<T> outcome(Results4 results, Function<Results4, T> behind) {
    try {
      readSequence(results);
    } catch (CompoundException failed) {
      return new Outcome<>(failed, null, null);
    }
    try {
      return new Outcome<>(null, behind.apply(results), null);
    } catch (RuntimeException failed) {
      return new Outcome<>(null, null, failed);
    }
  }

  private void readSequence(Results4 results) {
    ByteBuf in = results.ok(Op4.SEQUENCE).body();
    SessionId4 session = SessionId4.read(in);
    if (!session.equals(id)) {
      throw new XdrException("SEQUENCE of session " + session);
    }
    Xdr.readInt(in);
    Xdr.readInt(in);
    Xdr.readInt(in);
    int target = Xdr.readInt(in);
    statusFlags = Xdr.readInt(in);
    synchronized (this) {
      highestTarget = Math.max(0, target);
    }
  }

  private <T> void ended(Request<T> request, Slot slot, Outcome<T> outcome, Throwable failure) {
    if (failure != null) {
      lose(slot);
      request.answer.completeExceptionally(rootOf(failure));
    } else if (outcome.sequence == null) {
      slot.sequence++;
      release(slot);
      if (outcome.failure == null) {
        request.answer.complete(outcome.value);
      } else {
        request.answer.completeExceptionally(outcome.failure);
      }
    } else if (outcome.sequence.status() == Nfs4Status.DELAY) {
      pause.accept(() -> send(request, slot));
    } else {
      release(slot);
      request.answer.completeExceptionally(outcome.sequence);
    }
  }

  private void release(Slot slot) {
    Request<?> next;
    synchronized (this) {
      busy.remove(slot);
      free.add(slot);
      next = waiting.isEmpty() ? null : waiting.peek();
      slot = next == null ? null : takeFree();
      if (slot != null) {
        waiting.remove();
      }
    }
    if (slot != null) {
      send(next, slot);
    }
  }

  /** A slot whose last number may be used or not. */
  private void lose(Slot slot) {
    boolean none;
    synchronized (this) {
      busy.remove(slot);
      none = busy.isEmpty() && free.isEmpty();
    }
    if (none) {
      end(new CompoundException(Op4.SEQUENCE, Nfs4Status.BADSESSION));
    }
  }

  /** Fails the requests that wait for a slot, and all that come; those under way go on. */
  public void end(RuntimeException reason) {
    List<Request<?>> failed;
    synchronized (this) {
      if (end == null) {
        end = reason;
      }
      failed = List.copyOf(waiting);
      waiting.clear();
    }
    failed.forEach(each -> each.answer.completeExceptionally(reason));
  }

  /**
   * Renews the lease, and asks for something that changes nothing, on a slot of its own. If the
   * last renewal was not answered, this one is the same request again: nothing must be different in
   * it.
   *
   * @param over sends it, for example on one connection and without sending it again
   */
  public <T> CompletableFuture<T> renew(
      Nfs4Client over, Compound4 operations, Function<Results4, T> results) {
    int sequence;
    synchronized (this) {
      sequence = ofRenewals.sequence;
    }
    Compound4 whole =
        Compound4.empty()
            .sequence(
                id, sequence, ofRenewals.index, Math.max(ofRenewals.index, highestInUse()), true)
            .addAll(operations);
    return over.send(whole, answer -> outcome(answer, results))
        .thenApply(
            outcome -> {
              if (outcome.sequence != null) {
                throw outcome.sequence;
              }
              synchronized (this) {
                if (ofRenewals.sequence == sequence) {
                  ofRenewals.sequence++;
                }
              }
              if (outcome.failure != null) {
                throw outcome.failure;
              }
              return outcome.value;
            });
  }

  private static Throwable rootOf(Throwable failure) {
    return failure instanceof CompletionException && failure.getCause() != null
        ? failure.getCause()
        : failure;
  }
}
