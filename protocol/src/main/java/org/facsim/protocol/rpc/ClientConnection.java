/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.collection.IntObjectHashMap;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.protocol.xdr.Xdr;

/**
 * The client's end of one connection.
 *
 * <p>Any thread submits calls to a queue. The loop takes them out, gives each an xid, encodes it
 * into the send batch and sends all with one flush. Calls that are submitted on the loop, in
 * response to results, leave with the flush that ends the turn of the read. At the bound of calls
 * in flight, or when the peer does not read, calls stay in the queue.
 *
 * <p>Calls in flight stand in a map by xid and in a list by age; they all have the same time-out,
 * so that the oldest is the next to time out, and one timer per connection is enough.
 *
 * <p>A connection ends once: {@link #end} fails everything that waits, whatever the reason.
 */
final class ClientConnection extends ChannelInboundHandlerAdapter implements RecordReceiver.Sink {
  private static final int MAX_FRAGMENTS = 4096;

  private final RpcClientOptions options;
  private final RecordReceiver receiver;
  private final SendBatch batch = new SendBatch();
  private final byte[] credential;
  private final Queue<PendingCall<?>> submitted = new ConcurrentLinkedQueue<>();
  private final AtomicInteger submittedCount = new AtomicInteger();
  private final AtomicBoolean sendScheduled = new AtomicBoolean();
  private final IntObjectHashMap<PendingCall<?>> inFlight = new IntObjectHashMap<>();

  private ChannelHandlerContext context;
  private PendingCall<?> oldest;
  private PendingCall<?> youngest;
  private int nextXid = ThreadLocalRandom.current().nextInt();
  private ScheduledFuture<?> timer;
  private boolean reading;
  private volatile RpcException ended;

  ClientConnection(RpcClientOptions options) {
    this.options = options;
    this.receiver = new RecordReceiver(options.maxRecordBytes(), MAX_FRAGMENTS);
    ByteBuf encoded = Unpooled.buffer();
    CredentialCodec.write(encoded, options.credential());
    this.credential = new byte[encoded.readableBytes()];
    encoded.readBytes(credential);
  }

  /**
   * Takes a call from any thread. Fails it at once if too many calls wait or the connection has
   * ended.
   */
  void submit(PendingCall<?> call) {
    if (submittedCount.incrementAndGet() > options.maxWaiting()) {
      submittedCount.decrementAndGet();
      call.fail(
          new RpcException(
              RpcFailure.TOO_MANY_CALLS, options.maxWaiting() + " calls wait to be sent"));
      return;
    }
    submitted.add(call);
    if (ended != null) {
      failSubmitted();
    } else if (sendScheduled.compareAndSet(false, true)) {
      try {
        context.executor().execute(this::sendSubmitted);
      } catch (RejectedExecutionException e) {
        end(new RpcException(RpcFailure.CONNECTION_LOST, "the event loop has ended", e));
      }
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) {
    context = newContext;
    newContext.channel().config().setRecvByteBufAllocator(receiver);
  }

  private void sendSubmitted() {
    sendScheduled.set(false);
    if (!reading) {
      encodeSubmitted();
    }
  }

  private void encodeSubmitted() {
    while (accepting()
        && inFlight.size() < options.maxInFlight()
        && context.channel().isWritable()) {
      PendingCall<?> call = submitted.poll();
      if (call == null) {
        break;
      }
      submittedCount.decrementAndGet();
      encode(call);
      if (batch.isFull()) {
        batch.send(context);
      }
    }
    batch.send(context);
  }

  private void encode(PendingCall<?> call) {
    ByteBuf out = batch.begin();
    try {
      number(call);
      writeHeader(out, call);
      call.encodeArguments(out);
      ByteBuf payload = call.takePayload();
      if (payload != null) {
        appendPayload(out, payload);
      }
    } catch (RuntimeException | Error e) {
      batch.takeBack();
      call.fail(e);
      return;
    }
    if (ended != null) { // the encoder ended the connection
      call.fail(ended);
      return;
    }
    batch.end();
    link(call);
  }

  private void number(PendingCall<?> call) {
    if (!call.isNumbered()) {
      call.xid = nextXid();
    } else if (inFlight.containsKey(call.xid)) {
      throw new IllegalStateException("a call with xid " + call.xid + " is under way");
    }
  }

  private int nextXid() {
    while (inFlight.containsKey(nextXid)) {
      nextXid++;
    }
    return nextXid++;
  }

  private void writeHeader(ByteBuf out, PendingCall<?> call) {
    out.writeInt(call.xid);
    out.writeInt(RpcMessage.CALL);
    out.writeInt(RpcMessage.RPC_VERSION);
    out.writeInt(call.program);
    out.writeInt(call.version);
    out.writeInt(call.procedure);
    out.writeBytes(credential);
  }

  private void appendPayload(ByteBuf out, ByteBuf payload) {
    int payloadBytes = payload.readableBytes();
    out.writeInt(payloadBytes);
    if (payloadBytes < SendBatch.MIN_DATA_BYTES) {
      out.writeBytes(payload, payload.readerIndex(), payloadBytes);
      payload.release();
      out.writeZero(Xdr.paddingBytes(payloadBytes));
    } else {
      batch.appendData(payload).writeZero(Xdr.paddingBytes(payloadBytes));
    }
  }

  private void link(PendingCall<?> call) {
    inFlight.put(call.xid, call);
    call.older = youngest;
    if (youngest == null) {
      oldest = call;
    } else {
      youngest.younger = call;
    }
    youngest = call;
    if (timer == null) {
      startTimer(call.deadlineNanos - System.nanoTime());
    }
  }

  private void unlink(PendingCall<?> call) {
    if (call.older == null) {
      oldest = call.younger;
    } else {
      call.older.younger = call.younger;
    }
    if (call.younger == null) {
      youngest = call.older;
    } else {
      call.younger.older = call.older;
    }
    call.older = null;
    call.younger = null;
  }

  private void startTimer(long delayNanos) {
    timer =
        context.executor().schedule(this::expire, Math.max(0, delayNanos), TimeUnit.NANOSECONDS);
  }

  /** Fails the calls that have timed out, sent or not, and sets the timer for the next one. */
  private void expire() {
    timer = null;
    long now = System.nanoTime();
    while (oldest != null && oldest.deadlineNanos - now <= 0) {
      PendingCall<?> late = oldest;
      inFlight.remove(late.xid);
      unlink(late);
      late.fail(timeout(late));
    }
    for (PendingCall<?> waiting = submitted.peek();
        waiting != null && waiting.deadlineNanos - now <= 0;
        waiting = submitted.peek()) {
      submitted.poll();
      submittedCount.decrementAndGet();
      waiting.fail(timeout(waiting));
    }
    if (ended == null) {
      encodeSubmitted();
      PendingCall<?> next = oldest != null ? oldest : submitted.peek();
      if (next != null && timer == null) {
        startTimer(next.deadlineNanos - System.nanoTime());
      }
    }
  }

  private RpcException timeout(PendingCall<?> call) {
    return new RpcException(
        RpcFailure.TIMEOUT,
        call.describe() + " not answered within " + options.callTimeout().toMillis() + " ms");
  }

  @Override
  public void channelRead(ChannelHandlerContext unused, Object message) {
    reading = true;
    receiver.received((ByteBuf) message);
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
    encodeSubmitted();
  }

  @Override
  public boolean accepting() {
    return ended == null;
  }

  @Override
  public void record(ByteBuf in) throws RecordException {
    if (in.readableBytes() < 12) {
      throw new RecordException("a record of " + in.readableBytes() + " bytes is no reply");
    }
    int xid = in.readInt();
    int type = in.readInt();
    if (type != RpcMessage.REPLY) {
      throw new RecordException("message type " + type + " where a reply is due");
    }
    PendingCall<?> call = inFlight.remove(xid);
    if (call == null) {
      return; // an answer to a call that has timed out
    }
    unlink(call);
    RpcException refusal = ReplyDecoder.refusal(in, call);
    if (refusal == null) {
      call.complete(in);
    } else {
      call.fail(refusal);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext unused) {
    if (context.channel().isWritable() && sendScheduled.compareAndSet(false, true)) {
      context.executor().execute(this::sendSubmitted);
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

  /** Ends the connection, from any thread. All waiting calls fail with the reason. */
  void end(RpcException why) {
    if (context.executor().inEventLoop()) {
      endOnLoop(why);
      return;
    }
    try {
      context.executor().execute(() -> endOnLoop(why));
    } catch (RejectedExecutionException e) {
      // The loop has ended, and closed the channel before. Only calls submitted since then are
      // left.
      if (ended == null) {
        ended = why;
      }
      failSubmitted();
    }
  }

  private void endOnLoop(RpcException why) {
    if (ended != null) {
      return;
    }
    ended = why;
    if (timer != null) {
      timer.cancel(false);
    }
    var unused = context.close();
    receiver.close();
    batch.release();
    while (oldest != null) {
      PendingCall<?> call = oldest;
      inFlight.remove(call.xid);
      unlink(call);
      call.fail(why);
    }
    failSubmitted();
  }

  private void failSubmitted() {
    for (PendingCall<?> call = submitted.poll(); call != null; call = submitted.poll()) {
      submittedCount.decrementAndGet();
      call.fail(ended);
    }
  }
}
