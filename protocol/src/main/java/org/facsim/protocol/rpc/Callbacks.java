/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;

/**
 * The calls that a connection makes that serves: they leave in the batch of its replies, are booked
 * with them, and wait while the peer does not take what it was sent before. The peer's replies to
 * them come between its calls.
 *
 * <p>Not thread-safe: everything happens on the connection's loop, except what {@link #calls} says
 * otherwise.
 */
final class Callbacks implements OutgoingCalls.Line {
  private final ServerConnection connection;
  private final ServerContext server;
  private final ReplySender replies;
  private final OutgoingCalls calls;
  private ChannelHandlerContext context;

  /** What calls under way fail with; null if there is nothing to say but that it was closed. */
  private RpcException endReason;

  Callbacks(ServerConnection connection, ServerContext server, ReplySender replies) {
    this.connection = connection;
    this.server = server;
    this.replies = replies;
    RpcServerOptions options = server.options();
    this.calls =
        new OutgoingCalls(
            options.maxCallbacks(),
            options.maxWaitingCallbacks(),
            this,
            replies.batch(),
            server.callbacks());
  }

  void begin(ChannelHandlerContext newContext) {
    context = newContext;
    calls.begin(newContext.executor());
  }

  OutgoingCalls calls() {
    return calls;
  }

  /** What held calls up may be over. */
  void goOn() {
    calls.goOn();
  }

  /** A record that is shorter than any call: a denial is. */
  void shortRecord(ByteBuf in) throws RecordException {
    int bytes = in.readableBytes();
    if (bytes < RpcMessage.REPLY_FIXED_BYTES
        || in.getInt(in.readerIndex() + Integer.BYTES) != RpcMessage.REPLY) {
      throw new RecordException("a record of " + bytes + " bytes is no call and no reply");
    }
    otherThanCall(in.readInt(), in.readInt(), in);
  }

  /** A record behind its xid and its type. */
  void otherThanCall(int xid, int type, ByteBuf in) throws RecordException {
    if (type != RpcMessage.REPLY) {
      throw new RecordException("message type " + type + " where a call or a reply is due");
    }
    calls.reply(xid, in);
    calls.goOn();
  }

  @Override
  public void stray(int xid) {
    server.strayReplies().increment();
    server
        .log()
        .warn(
            "ignoring a reply of %s to no call under way, xid 0x%08x"
                .formatted(context.channel().remoteAddress(), xid),
            null);
  }

  /** Whether the peer takes what it is sent. */
  @Override
  public boolean isFree() {
    return !connection.isEnding()
        && !replies.isFull()
        && context.channel().isWritable()
        && !(server.memory().isFull() && server.memory().isMoreThanShare(replies.unsentMemory()));
  }

  @Override
  public void appended() {
    connection.sentCall();
    replies.sendIfFull();
  }

  @Override
  public void flush() {
    replies.send();
  }

  @Override
  public void guarded(Runnable task) {
    connection.guarded(task);
  }

  /** The peer has shut down its sending side, and all that it had sent was looked at. */
  void inputEnded() {
    calls.end(lost("the peer has shut down the side it answers on", null));
  }

  /** The connection is about to end. */
  void endBecause(String reason, Throwable cause) {
    endBecause(lost(reason, cause));
  }

  /** The same. The first reason counts: what goes wrong in the end follows from it. */
  void endBecause(RpcException reason) {
    if (endReason == null) {
      endReason = reason;
    }
  }

  /** The connection has ended. */
  void close() {
    calls.end(endReason != null ? endReason : lost("the connection was closed", null));
  }

  private static RpcException lost(String reason, Throwable cause) {
    return new RpcException(RpcFailure.CONNECTION_LOST, reason, cause);
  }
}
