/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/** Calls over one connection with one credential and one timeout. Thread-safe. */
final class PeerCaller implements RpcCaller {
  private final OutgoingCalls calls;
  private final byte[] credential;
  private final long timeoutNanos;

  /**
   * @throws IllegalArgumentException if the timeout is below 1 ms
   */
  PeerCaller(OutgoingCalls calls, Credential credential, Duration timeout) {
    if (timeout.toMillis() < 1) {
      throw new IllegalArgumentException("timeout: " + timeout);
    }
    this.calls = calls;
    this.timeoutNanos = timeout.toNanos();
    ByteBuf encoded = Unpooled.buffer();
    CredentialCodec.write(encoded, credential);
    this.credential = new byte[encoded.readableBytes()];
    encoded.readBytes(this.credential);
  }

  @Override
  public <T> CompletableFuture<T> call(
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results) {
    return submit(pending(program, version, procedure, arguments, payload, results));
  }

  /** See {@link RpcClient#callAs}. */
  <T> CompletableFuture<T> callAs(
      int xid,
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results) {
    return submit(pending(program, version, procedure, arguments, payload, results).numbered(xid));
  }

  private <T> PendingCall<T> pending(
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results) {
    return new PendingCall<>(
        program,
        version,
        procedure,
        credential,
        timeoutNanos,
        calls.nanoTime(),
        arguments,
        payload,
        results);
  }

  private <T> CompletableFuture<T> submit(PendingCall<T> call) {
    calls.submit(call);
    return call.future();
  }
}
