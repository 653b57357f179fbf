/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.client.ClientSession4;
import org.facsim.protocol.nfs4.client.Compound4;
import org.facsim.protocol.nfs4.client.CompoundException;
import org.facsim.protocol.nfs4.client.Results4;

/**
 * The calls of one mount over NFSv4.1. Each is made until it is answered: again in another session
 * if its session is lost, after a pause if the server asks for time, and with another stateid if
 * that helps. Thread-safe; nothing blocks.
 */
final class Nfs41Calls {
  private final Nfs41Lease lease;
  private final Nfs41Lease.Opens opens;
  private final DatastoreHealth health;
  private final Set<Call<?>> callsOfHost = ConcurrentHashMap.newKeySet();

  Nfs41Calls(Nfs41Lease lease, Nfs41Lease.Opens opens, DatastoreHealth health) {
    this.lease = lease;
    this.opens = opens;
    this.health = health;
  }

  /**
   * Makes a call.
   *
   * @param operations asked for anew at each attempt, because a recovery changes stateids
   * @param cacheThis whether the server is to remember the reply: what must not be done twice
   * @param results reads the results behind SEQUENCE
   */
  <T> CompletableFuture<T> call(
      boolean ofVm,
      Supplier<Compound4> operations,
      boolean cacheThis,
      Function<Results4, T> results) {
    return start(new Call<>(ofVm, operations, cacheThis, null, results));
  }

  /** Makes a call that ends with data, which this releases. */
  <T> CompletableFuture<T> call(
      boolean ofVm,
      Supplier<Compound4> operations,
      ByteBuf payload,
      Function<Results4, T> results) {
    return start(new Call<>(ofVm, operations, false, payload, results));
  }

  private <T> CompletableFuture<T> start(Call<T> call) {
    if (!call.ofVm) {
      callsOfHost.add(call);
      if (health.state() == PathState.ALL_PATHS_DOWN_TIMEOUT) {
        call.answer.completeExceptionally(DatastoreConnections.allPathsDown());
      }
    }
    call.attempt();
    return call.answer;
  }

  /** Fails the calls of the host. What was sent stays under way. */
  void giveUp(DatastoreException reason) {
    callsOfHost.forEach(call -> call.answer.completeExceptionally(reason));
  }

  /** A call of the mount, made until it is answered. */
  private final class Call<T> {
    final boolean ofVm;
    final Supplier<Compound4> operations;
    final boolean cacheThis;
    final ByteBuf payload;
    final Function<Results4, T> results;
    final CompletableFuture<T> answer = new CompletableFuture<>();

    /** How often a stateid was refused. */
    int refusals;

    Call(
        boolean ofVm,
        Supplier<Compound4> operations,
        boolean cacheThis,
        ByteBuf payload,
        Function<Results4, T> results) {
      this.ofVm = ofVm;
      this.operations = operations;
      this.cacheThis = cacheThis;
      this.payload = payload;
      this.results = results;
      var unused =
          answer.whenComplete(
              (value, failure) -> {
                callsOfHost.remove(this);
                if (payload != null) {
                  payload.release();
                }
              });
    }

    void attempt() {
      if (!answer.isDone()) {
        var unused =
            lease
                .session()
                .whenComplete(
                    (session, failure) -> {
                      if (failure == null) {
                        attempt(session);
                      } else {
                        failed(null, Nfs41Lease.rootOf(failure));
                      }
                    });
      }
    }

    private void attempt(ClientSession4 session) {
      CompletableFuture<T> sent;
      try {
        Compound4 now = operations.get();
        sent =
            payload == null
                ? session.call(now, cacheThis, results)
                : session.call(now, payload.retainedDuplicate(), results);
      } catch (RuntimeException failure) { // given up meanwhile, or not open any more
        sent = CompletableFuture.failedFuture(failure);
      }
      var unused =
          sent.whenComplete(
              (value, failure) -> {
                if (failure != null) {
                  failed(session, Nfs41Lease.rootOf(failure));
                } else if (!answer.complete(value)) {
                  ReferenceCountUtil.release(value); // it came too late
                }
              });
    }

    private void failed(ClientSession4 session, Throwable failure) {
      if (failure instanceof CompoundException refusal) {
        refused(session, refusal);
      } else if (ofVm
          && failure instanceof DatastoreException known
          && known.error() == DatastoreError.ALL_PATHS_DOWN) {
        lease.after(this::attempt); // the recovery was given up, and a guest gives nothing up
      } else {
        answer.completeExceptionally(failure);
      }
    }

    private void refused(ClientSession4 session, CompoundException refusal) {
      if (refusal.operation() == Op4.SEQUENCE && session != null) {
        lease.replace(session, refusal.status());
        attempt();
        return;
      }
      switch (refusal.status()) {
        case DELAY, GRACE -> lease.after(this::attempt);
        case RETRY_UNCACHED_REP -> attempt();
        case BAD_STATEID, OLD_STATEID, STALE_STATEID, EXPIRED, ADMIN_REVOKED, LOCKED -> {
          if (refusals++ >= 2) {
            answer.completeExceptionally(refusal);
            return;
          }
          var unused =
              opens
                  .stateidRefused(refusal)
                  .whenComplete(
                      (again, failure) -> {
                        if (failure == null && again) {
                          attempt();
                        } else {
                          answer.completeExceptionally(refusal);
                        }
                      });
        }
        default -> answer.completeExceptionally(refusal);
      }
    }
  }
}
