/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
import org.facsim.nfs.FilelessCalls;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmFreeAllArgs;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmShareArgs;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmTestArgs;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.services.access.Grants;
import org.facsim.services.calls.CallOverruled;
import org.facsim.services.calls.StatusRefusal;
import org.facsim.services.state.Holdings;
import org.facsim.services.state.LockTable;
import org.facsim.services.state.RecallUnderWay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NLM version 4. Each call is answered on the thread that read it. Only a host's first LOCK or
 * SHARE on a durable array waits, until the host is on the list of those to notify after a restart.
 *
 * <p>The one-way messages (_MSG) do the same and are answered by a call (_RES) to the lock manager
 * at the caller's address; if that cannot be reached, the answer is lost, which the protocol
 * allows. GRANTED is for clients: this server never waits for a lock, so it denies the call.
 */
final class NlmProgram implements RpcProgram {
  /** The procedures whose second execution would give another answer. */
  static final Set<Integer> NOT_IDEMPOTENT =
      Set.of(Nlm.LOCK, Nlm.CANCEL, Nlm.UNLOCK, Nlm.SHARE, Nlm.UNSHARE, Nlm.NM_LOCK, Nlm.FREE_ALL);

  private static final Logger LOG = LoggerFactory.getLogger(NlmProgram.class);

  /** How many delegations, one after the other, a call waits for before it is denied. */
  private static final int MAX_RECALLS = 4;

  /** The distance from a _MSG to the _RES that answers it. */
  private static final int MSG_TO_RES = Nlm.TEST_RES - Nlm.TEST_MSG;

  private final Grants grants;
  private final LockManager manager;
  private final Test test;
  private final Lock lock;
  private final Cancel cancel;
  private final Unlock unlock;
  private final Share share;
  private final Unshare unshare;

  NlmProgram(Grants grants, LockManager manager) {
    this.grants = grants;
    this.manager = manager;
    Holdings holdings = manager.holdings();
    LockTable table = holdings.locks();
    test = new Test(table, manager.grace());
    lock = new Lock(holdings, manager.grace(), manager.grants());
    cancel = new Cancel(table, manager.grace(), manager.grants());
    unlock = new Unlock(table, manager.grace(), manager.grants());
    share = new Share(holdings, manager.grace());
    unshare = new Unshare(holdings.opens(), manager.grace());
  }

  @Override
  public int number() {
    return Nlm.PROGRAM;
  }

  @Override
  public int lowestVersion() {
    return Nlm.VERSION;
  }

  @Override
  public int highestVersion() {
    return Nlm.VERSION;
  }

  @Override
  public void call(RpcCall rpc) {
    switch (rpc.procedure()) {
      // the last four are answers to what this server never asks
      case Nlm.NULL, Nlm.TEST_RES, Nlm.LOCK_RES, Nlm.CANCEL_RES, Nlm.UNLOCK_RES -> nothing(rpc);
      case Nlm.TEST -> reply(test, rpc);
      case Nlm.LOCK -> replyToLock(rpc, true);
      case Nlm.NM_LOCK -> replyToLock(rpc, false);
      case Nlm.CANCEL -> reply(cancel, rpc);
      case Nlm.UNLOCK -> reply(unlock, rpc);
      case Nlm.GRANTED -> granted(rpc);
      case Nlm.TEST_MSG -> message(test, rpc);
      case Nlm.LOCK_MSG -> lockMessage(rpc);
      case Nlm.CANCEL_MSG -> message(cancel, rpc);
      case Nlm.UNLOCK_MSG -> message(unlock, rpc);
      case Nlm.GRANTED_MSG -> grantedMessage(rpc);
      case Nlm.GRANTED_RES -> grantedAnswer(rpc);
      case Nlm.SHARE -> replyToShare(rpc);
      case Nlm.UNSHARE -> reply(unshare, rpc);
      case Nlm.FREE_ALL -> freeAll(rpc);
      default -> rpc.procedureUnavailable();
    }
  }

  private static void nothing(RpcCall rpc) {
    if (FilelessCalls.mayRun(rpc)) {
      rpc.reply();
    }
  }

  private void freeAll(RpcCall rpc) {
    NlmFreeAllArgs args = NlmFreeAllArgs.decode(rpc.arguments());
    if (FilelessCalls.mayRun(rpc, args, null)) {
      manager.freeAll(rpc.client().getAddress(), args.name());
      rpc.reply();
    }
  }

  private <A> void reply(NlmProcedure<A> procedure, RpcCall rpc) {
    A args = procedure.decode(rpc.arguments());
    NlmReply result = perform(procedure, rpc, args);
    result.encode(rpc.reply());
  }

  private <A> NlmReply perform(NlmProcedure<A> procedure, RpcCall rpc, A args) {
    NlmCall call = new NlmCall(grants, rpc).brings(args);
    try {
      return call.answers(procedure.perform(call, args));
    } catch (ArrayException e) {
      return call.answers(procedure.failure(args, NlmErrors.statusOf(e.error())));
    } catch (StatusRefusal chosen) {
      return call.answers(procedure.failure(args, NlmStatus.of(chosen.status().code())));
    }
  }

  private void replyToLock(RpcCall rpc, boolean monitored) {
    NlmLockArgs args = lock.decode(rpc.arguments());
    replyWhenDone(rpc, lock(rpc, args, monitored));
  }

  private void replyToShare(RpcCall rpc) {
    NlmShareArgs args = share.decode(rpc.arguments());
    NlmCall call = new NlmCall(grants, rpc).brings(args);
    NlmStatus refusal = share.refusal(call, args);
    replyWhenDone(
        rpc,
        refusal == null
            ? performMet(share, call, args, call.host(args.callerName()), NlmHosts.UNKNOWN, true)
            : CompletableFuture.completedFuture(call.answers(share.failure(args, refusal))));
  }

  private static void replyWhenDone(RpcCall rpc, CompletableFuture<NlmReply> result) {
    if (result.isDone()) {
      NlmReply reply = result.join();
      reply.encode(rpc.reply());
      return;
    }
    RpcCall.DeferredReply deferred = rpc.defer();
    var unused =
        result.whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                deferred.complete(reply::encode);
              } else {
                deferred.fail(failure);
              }
            });
  }

  private CompletableFuture<NlmReply> lock(RpcCall rpc, NlmLockArgs args, boolean monitored) {
    NlmCall call = new NlmCall(grants, rpc).brings(args);
    NlmStatus refusal = lock.refusal(call, args);
    if (refusal != null) {
      return CompletableFuture.completedFuture(call.answers(lock.failure(args, refusal)));
    }
    NlmHost host = call.host(args.lock().callerName());
    return performMet(lock, call, args, host, args.state(), monitored);
  }

  /**
   * Performs a call after its host is on the list. A host that the grace period refuses is not put
   * there.
   */
  private <A> CompletableFuture<NlmReply> performMet(
      NlmProcedure<A> procedure, NlmCall call, A args, NlmHost host, int state, boolean monitored) {
    return manager
        .knownHosts()
        .meet(
            host,
            call.server(),
            state,
            monitored,
            failure -> {
              if (failure == null) {
                return performRecalled(procedure, call, args, MAX_RECALLS);
              }
              LOG.debug("no lock for {}: {}", host, failure.toString());
              return CompletableFuture.completedFuture(
                  call.answers(procedure.failure(args, NlmStatus.DENIED_NOLOCKS)));
            });
  }

  /**
   * Performs a call when no delegation conflicts with it. A recall always ends, because the
   * client's time to answer is bounded.
   */
  private <A> CompletableFuture<NlmReply> performRecalled(
      NlmProcedure<A> procedure, NlmCall call, A args, int recallsLeft) {
    CompletableFuture<NlmReply> answer = new CompletableFuture<>();
    try {
      answer.complete(call.answers(procedure.perform(call, args)));
    } catch (ArrayException e) {
      answer.complete(call.answers(procedure.failure(args, NlmErrors.statusOf(e.error()))));
    } catch (StatusRefusal chosen) {
      answer.complete(call.answers(procedure.failure(args, NlmStatus.of(chosen.status().code()))));
    } catch (CallOverruled overruled) {
      answer.completeExceptionally(overruled);
    } catch (RecallUnderWay wait) {
      if (recallsLeft == 0) {
        answer.complete(call.answers(procedure.failure(args, NlmStatus.DENIED)));
      } else {
        manager
            .holdings()
            .delegations()
            .afterwards(
                wait.ended(),
                () -> {
                  var unused =
                      performRecalled(procedure, call, args, recallsLeft - 1)
                          .whenComplete(
                              (reply, failure) -> {
                                if (failure == null) {
                                  answer.complete(reply);
                                } else {
                                  answer.completeExceptionally(failure);
                                }
                              });
                });
      }
    }
    return answer;
  }

  private <A> void message(NlmProcedure<A> procedure, RpcCall rpc) {
    A args = procedure.decode(rpc.arguments());
    answer(rpc, perform(procedure, rpc, args));
  }

  private void lockMessage(RpcCall rpc) {
    NlmLockArgs args = lock.decode(rpc.arguments());
    var client = rpc.client().getAddress();
    var server = NlmCall.serverOf(rpc);
    CompletableFuture<NlmReply> result = lock(rpc, args, true);
    if (result.isCompletedExceptionally()) {
      result.join(); // a link has overruled it: it is not acknowledged, either
    }
    var unused = result.thenAccept(reply -> manager.answer(client, server, Nlm.LOCK_RES, reply));
    rpc.reply();
  }

  private void answer(RpcCall rpc, NlmReply reply) {
    manager.answer(
        rpc.client().getAddress(), NlmCall.serverOf(rpc), rpc.procedure() + MSG_TO_RES, reply);
    rpc.reply();
  }

  private void granted(RpcCall rpc) {
    NlmTestArgs args = NlmTestArgs.decode(rpc.arguments());
    if (FilelessCalls.mayRun(rpc, args, null)) {
      denied(rpc, args).encode(rpc.reply());
    }
  }

  private void grantedMessage(RpcCall rpc) {
    NlmTestArgs args = NlmTestArgs.decode(rpc.arguments());
    if (FilelessCalls.mayRun(rpc, args, null)) {
      answer(rpc, denied(rpc, args));
    }
  }

  private NlmResult denied(RpcCall rpc, NlmTestArgs args) {
    return new NlmCall(grants, rpc).answers(new NlmResult(args.cookie(), NlmStatus.DENIED));
  }

  private void grantedAnswer(RpcCall rpc) {
    NlmResult result = NlmResult.decode(rpc.arguments());
    if (FilelessCalls.mayRun(rpc, result, null)) {
      manager
          .grants()
          .answered(new NlmHost("", rpc.client().getAddress()), result.cookie(), result.status());
      rpc.reply();
    }
  }
}
