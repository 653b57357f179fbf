/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.ArrayException;
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
import org.facsim.services.state.Holdings;
import org.facsim.services.state.LockTable;
import org.facsim.services.state.RecallUnderWay;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * NLM version 4. Each call is answered on the thread that read it, but for a host's first LOCK or
 * SHARE on a durable array, which waits until the host is on the list of those to notify after a
 * restart.
 *
 * <p>The one-way messages (_MSG) do the same and are answered by a call (_RES) to the lock manager
 * at the caller's address; if that cannot be reached the answer is lost, as it may be by the
 * protocol. GRANTED is for clients: this server waits for no lock, so it denies.
 */
final class NlmProgram implements RpcProgram {
  /** What a second execution would answer otherwise. */
  static final Set<Integer> NOT_IDEMPOTENT =
      Set.of(Nlm.LOCK, Nlm.CANCEL, Nlm.UNLOCK, Nlm.SHARE, Nlm.UNSHARE, Nlm.NM_LOCK, Nlm.FREE_ALL);

  private static final Logger LOG = LoggerFactory.getLogger(NlmProgram.class);

  /** Whoever meets one delegation after the other is denied after so many. */
  private static final int MAX_RECALLS = 4;

  /** From a _MSG to the _RES that answers it. */
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
      case Nlm.NULL -> rpc.reply();
      case Nlm.TEST -> reply(test, rpc);
      case Nlm.LOCK -> replyToLock(rpc, true);
      case Nlm.NM_LOCK -> replyToLock(rpc, false);
      case Nlm.CANCEL -> reply(cancel, rpc);
      case Nlm.UNLOCK -> reply(unlock, rpc);
      case Nlm.GRANTED -> {
        NlmResult denied = denied(rpc);
        denied.encode(rpc.reply());
      }
      case Nlm.TEST_MSG -> message(test, rpc);
      case Nlm.LOCK_MSG -> lockMessage(rpc);
      case Nlm.CANCEL_MSG -> message(cancel, rpc);
      case Nlm.UNLOCK_MSG -> message(unlock, rpc);
      case Nlm.GRANTED_MSG -> answer(rpc, denied(rpc));
      // answers to what this server never asks
      case Nlm.TEST_RES, Nlm.LOCK_RES, Nlm.CANCEL_RES, Nlm.UNLOCK_RES -> rpc.reply();
      case Nlm.GRANTED_RES -> grantedAnswer(rpc);
      case Nlm.SHARE -> replyToShare(rpc);
      case Nlm.UNSHARE -> reply(unshare, rpc);
      case Nlm.FREE_ALL -> {
        NlmFreeAllArgs args = NlmFreeAllArgs.decode(rpc.arguments());
        manager.freeAll(rpc.client().getAddress(), args.name());
        rpc.reply();
      }
      default -> rpc.procedureUnavailable();
    }
  }

  private <A> void reply(NlmProcedure<A> procedure, RpcCall rpc) {
    A args = procedure.decode(rpc.arguments());
    NlmReply result = perform(procedure, rpc, args);
    result.encode(rpc.reply());
  }

  private <A> NlmReply perform(NlmProcedure<A> procedure, RpcCall rpc, A args) {
    try {
      return procedure.perform(new NlmCall(grants, rpc), args);
    } catch (ArrayException e) {
      return procedure.failure(args, NlmErrors.statusOf(e.error()));
    }
  }

  private void replyToLock(RpcCall rpc, boolean monitored) {
    NlmLockArgs args = lock.decode(rpc.arguments());
    replyWhenDone(rpc, lock(rpc, args, monitored));
  }

  private void replyToShare(RpcCall rpc) {
    NlmShareArgs args = share.decode(rpc.arguments());
    NlmCall call = new NlmCall(grants, rpc);
    NlmStatus refusal = share.refusal(call, args);
    replyWhenDone(
        rpc,
        refusal == null
            ? performMet(share, call, args, call.host(args.callerName()), NlmHosts.UNKNOWN, true)
            : CompletableFuture.completedFuture(share.failure(args, refusal)));
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
    NlmCall call = new NlmCall(grants, rpc);
    NlmStatus refusal = lock.refusal(call, args);
    if (refusal != null) {
      return CompletableFuture.completedFuture(lock.failure(args, refusal));
    }
    NlmHost host = call.host(args.lock().callerName());
    return performMet(lock, call, args, host, args.state(), monitored);
  }

  /** After the host is on the list, which one whom the time after a restart refuses is not. */
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
                  procedure.failure(args, NlmStatus.DENIED_NOLOCKS));
            });
  }

  /** Performs when no delegation stands against it; a recall ends, because a client has so long. */
  private <A> CompletableFuture<NlmReply> performRecalled(
      NlmProcedure<A> procedure, NlmCall call, A args, int recallsLeft) {
    CompletableFuture<NlmReply> answer = new CompletableFuture<>();
    try {
      answer.complete(procedure.perform(call, args));
    } catch (ArrayException e) {
      answer.complete(procedure.failure(args, NlmErrors.statusOf(e.error())));
    } catch (RecallUnderWay wait) {
      if (recallsLeft == 0) {
        answer.complete(procedure.failure(args, NlmStatus.DENIED));
      } else {
        manager
            .holdings()
            .delegations()
            .afterwards(
                wait.ended(),
                () -> {
                  var unused =
                      performRecalled(procedure, call, args, recallsLeft - 1)
                          .thenAccept(answer::complete);
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
    var unused =
        lock(rpc, args, true)
            .thenAccept(reply -> manager.answer(client, server, Nlm.LOCK_RES, reply));
    rpc.reply();
  }

  private void answer(RpcCall rpc, NlmReply reply) {
    manager.answer(
        rpc.client().getAddress(), NlmCall.serverOf(rpc), rpc.procedure() + MSG_TO_RES, reply);
    rpc.reply();
  }

  private static NlmResult denied(RpcCall rpc) {
    return new NlmResult(NlmTestArgs.decode(rpc.arguments()).cookie(), NlmStatus.DENIED);
  }

  private void grantedAnswer(RpcCall rpc) {
    NlmResult result = NlmResult.decode(rpc.arguments());
    manager
        .grants()
        .answered(new NlmHost("", rpc.client().getAddress()), result.cookie(), result.status());
    rpc.reply();
  }
}
