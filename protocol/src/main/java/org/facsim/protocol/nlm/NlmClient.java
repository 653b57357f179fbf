/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;

/**
 * A client of NLM version 4, for machines that lock and for servers that call back. No method
 * blocks.
 */
public final class NlmClient {
  private final RpcCaller rpc;

  /** Makes a client of the lock manager to which {@code rpc} sends calls. */
  public NlmClient(RpcCaller rpc) {
    this.rpc = Objects.requireNonNull(rpc);
  }

  public CompletableFuture<NlmTestResult> test(NlmTestArgs args) {
    return call(Nlm.TEST, args::encode, NlmTestResult::decode);
  }

  public CompletableFuture<NlmResult> lock(NlmLockArgs args) {
    return call(Nlm.LOCK, args::encode, NlmResult::decode);
  }

  /**
   * Like {@link #lock}, but the server does not monitor the client: it does not learn of a restart.
   */
  public CompletableFuture<NlmResult> lockUnmonitored(NlmLockArgs args) {
    return call(Nlm.NM_LOCK, args::encode, NlmResult::decode);
  }

  public CompletableFuture<NlmResult> cancel(NlmCancelArgs args) {
    return call(Nlm.CANCEL, args::encode, NlmResult::decode);
  }

  public CompletableFuture<NlmResult> unlock(NlmUnlockArgs args) {
    return call(Nlm.UNLOCK, args::encode, NlmResult::decode);
  }

  /** Sent by a server: the client has the lock that it waited for. */
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
