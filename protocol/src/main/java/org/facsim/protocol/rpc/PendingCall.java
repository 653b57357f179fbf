/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.xdr.XdrException;

/**
 * A call that waits to be sent or to be answered, linked to its neighbours in the order in which
 * their time runs out.
 */
final class PendingCall<T> {
  final int program;
  final int version;
  final int procedure;
  final long deadlineNanos;

  /** Of the payload; 0 without one. */
  final int payloadBytes;

  private final byte[] credential;
  private final long timeoutNanos;
  private final Consumer<ByteBuf> arguments;
  private final Function<ByteBuf, T> results;
  private final CompletableFuture<T> future = new CompletableFuture<>();
  private ByteBuf payload;

  /** The caller's xid, if {@link #isNumbered}; otherwise the connection assigns one. */
  int xid;

  private boolean numbered;

  /** Whether it is on its way to the peer, or being encoded for it. */
  boolean sent;

  PendingCall<?> earlier;
  PendingCall<?> later;

  /**
   * @param credential encoded, with the verifier
   * @param timeoutNanos from {@code nowNanos} on
   * @param nowNanos by the time of the connection's calls
   */
  PendingCall(
      int program,
      int version,
      int procedure,
      byte[] credential,
      long timeoutNanos,
      long nowNanos,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results) {
    this.program = program;
    this.version = version;
    this.procedure = procedure;
    this.credential = credential;
    this.timeoutNanos = timeoutNanos;
    this.deadlineNanos = nowNanos + timeoutNanos;
    this.arguments = arguments;
    this.payload = payload;
    this.payloadBytes = payload == null ? 0 : payload.readableBytes();
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

  /** Appends the call header, RFC 5531 section 9, and the arguments without the payload. */
  void encode(ByteBuf out) {
    out.writeInt(xid);
    out.writeInt(RpcMessage.CALL);
    out.writeInt(RpcMessage.RPC_VERSION);
    out.writeInt(program);
    out.writeInt(version);
    out.writeInt(procedure);
    out.writeBytes(credential);
    arguments.accept(out);
  }

  /** Hands over the payload, or null if there is none. */
  ByteBuf takePayload() {
    ByteBuf taken = payload;
    payload = null;
    return taken;
  }

  /** Whether its results may carry bulk data. */
  boolean hasBulkResults() {
    return results instanceof BulkResults;
  }

  /** Where the bulk data of its results lies, see {@link BulkResults#bulkData}. */
  BulkSpan bulkData(ByteBuf arrived, int resultBytes) {
    return results instanceof BulkResults<T> bulk
        ? bulk.bulkData(arrived, resultBytes)
        : BulkSpan.NONE;
  }

  /**
   * Reads the results.
   *
   * @param data their bulk data, if it was received into a buffer of its own; or null
   */
  void complete(ByteBuf in, ByteBuf data) {
    T value;
    try {
      value =
          data != null && results instanceof BulkResults<T> bulk
              ? bulk.apply(in, data)
              : results.apply(in);
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

  /** No results have come in time. */
  void timeOut() {
    long millis = timeoutNanos / 1_000_000;
    fail(
        new RpcException(
            RpcFailure.TIMEOUT, describe() + " not answered within " + millis + " ms"));
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
