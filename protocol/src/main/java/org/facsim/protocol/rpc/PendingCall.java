/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.xdr.XdrException;

/** A call that waits to be sent or to be answered, linked to its neighbours by age. */
final class PendingCall<T> {
  final int program;
  final int version;
  final int procedure;
  final long deadlineNanos;

  private final Consumer<ByteBuf> arguments;
  private final Function<ByteBuf, T> results;
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private ByteBuf payload;

  /** The caller's xid, if {@link #isNumbered}; otherwise the connection assigns one. */
  int xid;

  private boolean numbered;
  PendingCall<?> older;
  PendingCall<?> younger;

  PendingCall(
      int program,
      int version,
      int procedure,
      long deadlineNanos,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results) {
    this.program = program;
    this.version = version;
    this.procedure = procedure;
    this.deadlineNanos = deadlineNanos;
    this.arguments = arguments;
    this.payload = payload;
    this.results = results;
  }

  /** Gives the call this xid, under which it may have been sent before. */
  PendingCall<T> numbered(int chosenXid) {
    xid = chosenXid;
    numbered = true;
    return this;
  }

  boolean isNumbered() {
    return numbered;
  }

  CompletableFuture<T> future() {
    return future;
  }

  void encodeArguments(ByteBuf out) {
    arguments.accept(out);
  }

  /** Hands over the payload, or null if there is none. */
  ByteBuf takePayload() {
    ByteBuf taken = payload;
    payload = null;
    return taken;
  }

  void complete(ByteBuf in) {
    T value;
    try {
      value = results.apply(in);
    } catch (XdrException e) {
      fail(new RpcException(RpcFailure.MALFORMED_REPLY, describe(), e));
      return;
    } catch (RuntimeException | Error e) {
      fail(e);
      return;
    }
    if (!future.complete(value)) {
      // The caller cancelled or timed out the future: nobody else will release what the decoder
      // retained.
      ReferenceCountUtil.release(value);
    }
  }

  void fail(Throwable cause) {
    ByteBuf unsent = takePayload();
    if (unsent != null) {
      unsent.release();
    }
    future.completeExceptionally(cause);
  }

  String describe() {
    return "program %s version %d procedure %d"
        .formatted(Integer.toUnsignedString(program), version, procedure);
  }
}
