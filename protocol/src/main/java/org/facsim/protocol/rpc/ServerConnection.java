/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The server's end of one connection.
 *
 * <p>A turn: every read of the socket hands its complete records to {@link #record}, one after the
 * other, on the thread that read them; each answer is appended to the batch; when the socket is
 * empty (or {@link SendBatch#isFull much} is gathered) the batch is sent with one flush. No call
 * changes threads unless its program puts the answer off.
 *
 * <p>Back-pressure: while the peer does not take its replies (the channel is not writable), or this
 * connection or all together have too much in flight, no further call is begun and the socket is
 * not read. What has arrived waits in the receive buffer, everything else in the peer. Answers that
 * were put off and come meanwhile wait unencoded.
 *
 * <p>How it ends. A peer that shuts down its sending side gets the answers to all that it has sent,
 * then the connection is closed. {@link Quiet} says when one is closed on which nothing moves. A
 * record that is none, or too long, closes the connection at once, with one line in the log.
 *
 * <p>All state belongs to the connection's loop, except the queue of answers, which any thread
 * feeds.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter implements RecordReceiver.Sink {
  private final ServerContext server;
  private final RecordReceiver receiver;
  private final SendBatch batch = new SendBatch();
  private final CredentialCodec credentials = new CredentialCodec();
  private final Queue<DeferredCall> answers = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean answersScheduled = new AtomicBoolean();

  private ChannelHandlerContext context;
  private InetSocketAddress client;
  private InetSocketAddress local;
  private ServerCall call = new ServerCall(this, batch);
  private int deferredRequests;
  private long deferredBytes;
  private long unsentBytes;
  private boolean reading;
  private boolean paused;
  private boolean waitingForRoom;
  private final Quiet quiet;
  private ClientCounters counters;
  private Future<?> nextLook;
  private long heldBytes;
  private boolean inputEnded;
  private volatile boolean closed;

  ServerConnection(ServerContext server) {
    this.server = server;
    this.receiver =
        new RecordReceiver(server.options().maxRecordBytes(), server.options().maxFragments());
    this.quiet = new Quiet(server.options());
  }

  InetSocketAddress client() {
    return client;
  }

  /** This end's address, which the client called. */
  InetSocketAddress local() {
    return local;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) {
    context = newContext;
    newContext.channel().config().setRecvByteBufAllocator(receiver);
  }

  @Override
  public void channelActive(ChannelHandlerContext newContext) {
    client = (InetSocketAddress) newContext.channel().remoteAddress();
    local = (InetSocketAddress) newContext.channel().localAddress();
    counters = server.statistics().of(newContext.executor(), client.getAddress());
    lookLater();
    newContext.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext unused, Object message) {
    reading = true;
    quiet.moved();
    receiver.received((ByteBuf) message);
    serve();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext unused) {
    reading = false;
    send();
    receiver.readComplete();
    countHeld();
  }

  /**
   * Books what the receive buffer holds between two turns. Where all of them hold too much, this
   * connection has to go: waiting would not help, for unfinished records only end by being read.
   */
  private void countHeld() {
    long bytes = closed ? 0 : receiver.heldBytes();
    if (bytes == heldBytes) {
      return;
    }
    boolean tooMuch = !server.received().move(bytes - heldBytes) && bytes > heldBytes;
    heldBytes = bytes;
    if (tooMuch) {
      abandon("unfinished calls of all connections hold " + server.received().bytes() + " bytes");
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext unused) {
    if (context.channel().isWritable()) {
      encodeAnswers();
    }
  }

  /** Begins calls until none is complete or this connection has enough in flight. */
  private void serve() {
    try {
      receiver.handOut(this);
    } catch (RecordException e) {
      send();
      abandon(e.getMessage());
      return;
    }
    if (!accepting() && !closed) {
      pause();
    }
  }

  @Override
  public boolean accepting() {
    return !closed
        && context.channel().isWritable()
        && deferredRequests < server.options().maxConnectionRequests()
        && deferredBytes < server.options().maxConnectionBytes()
        && server.inFlight().hasRoom();
  }

  private void pause() {
    if (!paused) {
      paused = true;
      context.channel().config().setAutoRead(false);
    }
    if (!waitingForRoom && !server.inFlight().hasRoom()) {
      waitingForRoom = true;
      server.inFlight().awaitRoom(() -> execute(this::roomMade));
    }
  }

  private void roomMade() {
    waitingForRoom = false;
    resume();
  }

  /** Goes on where {@link #pause} stopped: first with what has arrived, then with reading. */
  private void resume() {
    if (!paused || closed || !accepting()) {
      if (paused && !closed) {
        pause();
      }
      return;
    }
    serve();
    send();
    if (accepting()) {
      paused = false;
      context.channel().config().setAutoRead(true);
      endIfDone();
    }
  }

  @Override
  public void record(ByteBuf in) throws RecordException {
    if (in.readableBytes() < RpcMessage.CALL_FIXED_BYTES) {
      throw new RecordException("a record of " + in.readableBytes() + " bytes is no call");
    }
    int recordBytes = in.readableBytes();
    int xid = in.readInt();
    int type = in.readInt();
    if (type != RpcMessage.CALL) {
      throw new RecordException("message type " + type + " where a call is due");
    }
    int rpcVersion = in.readInt();
    call.begin(xid, in.readInt(), in.readInt(), in.readInt(), recordBytes);
    if (rpcVersion != RpcMessage.RPC_VERSION) {
      ReplyHeader.rpcMismatch(batch.begin(), xid);
      batch.end();
    } else {
      dispatch(in);
    }
    if (batch.isFull()) {
      send();
    }
  }

  private void dispatch(ByteBuf in) {
    Credential credential = credentials.read(in);
    if (credential == null) {
      ReplyHeader.authError(batch.begin(), call.xid(), credentials.refusal());
      batch.end();
      return;
    }
    RpcProgram program = server.programs().find(call.program(), call.version());
    if (program != null) {
      run(program, credential, in);
    } else {
      server.refuseUnknown(batch.begin(), call.xid(), call.program());
      batch.end();
    }
  }

  private void run(RpcProgram program, Credential credential, ByteBuf in) {
    ServerCall running = call;
    running.run(
        program, credential, in, counters.of(program, running.version(), running.procedure()));
    if (running.isDeferred()) {
      call = new ServerCall(this, batch);
      deferredRequests++;
      deferredBytes += running.recordBytes();
      server.inFlight().take(1, running.recordBytes());
    }
  }

  /** See {@link ServerContext#failureStatus}. */
  int failureStatus(ServerCall failed, Throwable cause) {
    return server.failureStatus(failed, cause);
  }

  /** Takes an answer that was put off; from any thread. */
  void answered(DeferredCall answer) {
    answers.add(answer);
    if (closed) {
      discardAnswers();
    } else if (answersScheduled.compareAndSet(false, true)) {
      execute(this::scheduledAnswers);
    }
  }

  private void scheduledAnswers() {
    answersScheduled.set(false);
    encodeAnswers();
  }

  private void discardAnswers() {
    for (DeferredCall answer = answers.poll(); answer != null; answer = answers.poll()) {
      answer.discard();
    }
  }

  private void encodeAnswers() {
    while (!closed && context.channel().isWritable()) {
      DeferredCall answer = answers.poll();
      if (answer == null) {
        break;
      }
      deferredRequests--;
      deferredBytes -= answer.recordBytes();
      answer.encode();
      server.inFlight().giveBack(1, answer.recordBytes());
      if (batch.isFull()) {
        send();
      }
    }
    if (!reading) {
      send();
    }
    resume();
    endIfDone();
  }

  /**
   * After the peer's last call, with nothing of its calls left to do: the last reply, and good-bye.
   */
  private void endIfDone() {
    if (inputEnded && !closed && !paused && deferredRequests == 0) {
      inputEnded = false;
      send();
      var unused =
          context.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void lookLater() {
    long periodNanos = quiet.periodNanos();
    if (periodNanos > 0) {
      nextLook = context.executor().schedule(this::look, periodNanos, TimeUnit.NANOSECONDS);
    }
  }

  /** Looks whether something moves here. */
  private void look() {
    if (closed) {
      return;
    }
    boolean writable = context.channel().isWritable();
    boolean ours = writable && (deferredRequests > 0 || paused);
    String reason =
        quiet.reasonToClose(ours, !writable, receiver.heldBytes() > 0, server.inFlight().hasRoom());
    if (reason == null) {
      lookLater();
    } else if (reason.equals(Quiet.IDLE)) {
      disconnect();
    } else {
      abandon(reason);
    }
  }

  private void send() {
    if (batch.isEmpty()) {
      return;
    }
    batch.send(context);
    countUnsent();
  }

  /** Books what the socket did not take at once, until the last byte of it has left. */
  private void countUnsent() {
    var outbound = context.channel().unsafe().outboundBuffer();
    long pendingBytes = outbound == null ? 0 : outbound.totalPendingWriteBytes();
    if (pendingBytes == 0 || closed) {
      return;
    }
    long addedBytes = pendingBytes - unsentBytes;
    if (addedBytes <= 0) {
      return;
    }
    unsentBytes += addedBytes;
    server.inFlight().take(0, addedBytes);
    // An empty write completes when everything in front of it has left.
    var unused =
        context
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(
                done -> {
                  if (!closed) {
                    quiet.moved();
                    unsentBytes -= addedBytes;
                    server.inFlight().giveBack(0, addedBytes);
                  }
                });
  }

  private void execute(Runnable task) {
    try {
      context.executor().execute(task);
    } catch (RejectedExecutionException e) {
      // The loop has ended, and the connection with it: there is nobody to tell.
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext unused, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      if (!reading) {
        endIfDone();
      }
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext unused, Throwable cause) {
    if (!(cause instanceof IOException)) {
      server.log().warn("closing the connection of " + client, cause);
    }
    disconnect();
  }

  private void abandon(String reason) {
    server.log().warn("closing the connection of " + client + ": " + reason, null);
    disconnect();
  }

  private void disconnect() {
    var unused = context.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext unused) {
    close();
    context.fireChannelInactive();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext unused) {
    close();
  }

  private void close() {
    if (closed) {
      return;
    }
    closed = true;
    receiver.close();
    countHeld();
    if (nextLook != null) {
      nextLook.cancel(false);
    }
    batch.release();
    discardAnswers();
    server.inFlight().giveBack(deferredRequests, deferredBytes + unsentBytes);
    deferredRequests = 0;
    deferredBytes = 0;
    unsentBytes = 0;
  }
}
