/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;

/** NLM version 4 as a caller sees it, client or server. Nothing blocks. */
public final class NlmClient {
  private final RpcCaller rpc;

  /** A client of the lock manager that the caller reaches. */
  public NlmClient(RpcCaller rpc) {
    this.rpc = Objects.requireNonNull(rpc);
  }

  public CompletableFuture<NlmTestResult> test(NlmTestArgs args) {
    return call(Nlm.TEST, args::encode, NlmTestResult::decode);
  }

  public CompletableFuture<NlmResult> lock(NlmLockArgs args) {
    return call(Nlm.LOCK, args::encode, NlmResult::decode);
  }

  /** As {@link #lock}, without a reminder of who holds the lock if its host restarts. */
  public CompletableFuture<NlmResult> lockUnmonitored(NlmLockArgs args) {
    return call(Nlm.NM_LOCK, args::encode, NlmResult::decode);
  }

  public CompletableFuture<NlmResult> cancel(NlmCancelArgs args) {
    return call(Nlm.CANCEL, args::encode, NlmResult::decode);
  }

  public CompletableFuture<NlmResult> unlock(NlmUnlockArgs args) {
    return call(Nlm.UNLOCK, args::encode, NlmResult::decode);
  }

  /** A server's call: the lock that was waited for is there. */
  public CompletableFuture<NlmResult> granted(NlmTestArgs args) {
    return call(Nlm.GRANTED, args::encode, NlmResult::decode);
  }

  public CompletableFuture<NlmShareResult> share(NlmShareArgs args) {
    return call(Nlm.SHARE, args::encode, NlmShareResult::decode);
  }

  public CompletableFuture<NlmShareResult> unshare(NlmShareArgs args) {
    return call(Nlm.UNSHARE, args::encode, NlmShareResult::decode);
  }

  public CompletableFuture<Void> freeAll(NlmFreeAllArgs args) {
    return call(Nlm.FREE_ALL, args::encode, in -> null);
  }

  /**
   * Sends an answer as a message of its own.
   *
   * @param procedure {@link Nlm#TEST_RES} to {@link Nlm#GRANTED_RES}
   */
  public CompletableFuture<Void> answer(int procedure, NlmReply reply) {
    return call(procedure, reply::encode, in -> null);
  }

  private <T> CompletableFuture<T> call(
      int procedure, Consumer<ByteBuf> arguments, Function<ByteBuf, T> results) {
    return rpc.call(Nlm.PROGRAM, Nlm.VERSION, procedure, arguments, results);
  }
}
