/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;

/**
 * The client's end of a connection that only calls; one that serves, too, is a {@link
 * ServerConnection}. Calls submitted by the results of others, on the loop, leave with the flush
 * that ends the turn of the read.
 *
 * <p>A connection ends once: {@link #end} fails everything that waits, whatever the reason.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter
    implements CallingConnection, RecordReceiver.Sink, OutgoingCalls.Line {
  static final int MAX_FRAGMENTS = 4096;

  private final RecordReceiver receiver;
  private final SendBatch batch = new SendBatch();
  private final OutgoingCalls calls;
  private final LongAdder strays = new LongAdder();

  private ChannelHandlerContext context;
  private boolean reading;

  ClientConnection(RpcClientOptions options) {
    this.receiver = new RecordReceiver(options.maxRecordBytes(), MAX_FRAGMENTS);
    this.calls = new OutgoingCalls(options, this, batch);
  }

  @Override
  public OutgoingCalls calls() {
    return calls;
  }

  @Override
  public long strayReplies() {
    return strays.sum();
  }

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) {
    context = newContext;
    calls.begin(newContext.executor());
    newContext.channel().config().setRecvByteBufAllocator(receiver.memory());
  }

  @Override
  public boolean isFree() {
    return !reading && context.channel().isWritable();
  }

  @Override
  public void appended() {
    if (batch.isFull()) {
      batch.send(context);
    }
  }

  @Override
  public void flush() {
    batch.send(context);
  }

  @Override
  public void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      exceptionCaught(context, e);
    }
  }

  @Override
  public void stray(int xid) {
    strays.increment(); // nearly always an answer to a call that ran out of time
  }

  @Override
  public void channelRead(ChannelHandlerContext unused, Object message) {
    reading = true;
    receiver.memory().received((ByteBuf) message);
    try {
      receiver.handOut(this);
    } catch (RecordException e) {
      end(new RpcException(RpcFailure.MALFORMED_REPLY, e.getMessage()));
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext unused) {
    reading = false;
    receiver.readComplete();
    calls.send();
  }

  @Override
  public boolean accepting() {
    return calls.isOpen();
  }

  @Override
  public boolean expectsBulkData() {
    return calls.expectsBulkData();
  }

  @Override
  public BulkSpan bulkData(ByteBuf in, int index, int arrivedBytes, int recordBytes) {
    int resultsAt = ReplyHead.resultsAt(in, index, arrivedBytes);
    if (resultsAt < 0) {
      return resultsAt == ReplyHead.INCOMPLETE ? BulkSpan.UNKNOWN : BulkSpan.NONE;
    }
    ByteBuf arrived = in.slice(index + resultsAt, arrivedBytes - resultsAt);
    return calls
        .bulkData(ReplyHead.xid(in, index), arrived, recordBytes - resultsAt)
        .behind(resultsAt);
  }

  @Override
  public BulkRoom room(ByteBuf in, int index, int lengthBytes) {
    return new ReplyRoom(lengthBytes);
  }

  @Override
  public void record(ByteBuf in, BulkRoom room, BulkSpan data) throws RecordException {
    record(in, ((ReplyRoom) room).data());
  }

  @Override
  public void record(ByteBuf in) throws RecordException {
    record(in, null);
  }

  private void record(ByteBuf in, ByteBuf data) throws RecordException {
    if (in.readableBytes() < RpcMessage.REPLY_FIXED_BYTES) {
      throw new RecordException("a record of " + in.readableBytes() + " bytes is no reply");
    }
    int xid = in.readInt();
    int type = in.readInt();
    if (type != RpcMessage.REPLY) {
      throw new RecordException("message type " + type + " where a reply is due");
    }
    calls.reply(xid, in, data);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext unused) {
    if (context.channel().isWritable()) {
      calls.goOn();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
    end(new RpcException(RpcFailure.CONNECTION_LOST, cause.toString(), cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext unused) {
    end(new RpcException(RpcFailure.CONNECTION_LOST, "the connection was closed"));
  }

  @Override
  public void end(RpcException why) {
    if (context.executor().inEventLoop()) {
      endOnLoop(why);
      return;
    }
    try {
      context.executor().execute(() -> endOnLoop(why));
    } catch (RejectedExecutionException e) {
      calls.end(why); // the loop closed the channel before it ended
    }
  }

  private void endOnLoop(RpcException why) {
    if (calls.isOpen()) {
      var unused = context.close();
      receiver.close();
      batch.release();
      calls.end(why);
    }
  }
}
