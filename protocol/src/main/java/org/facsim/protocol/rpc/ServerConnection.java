/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * The server's end of one connection.
 *
 * <p>A turn: every read of the socket hands its complete records to {@link #record}, one after the
 * other, on the thread that read them; each answer is appended to the batch; when the socket is
 * empty (or {@link SendBatch#isFull much} is gathered) the batch is sent with one flush. No call
 * changes threads unless its program puts the answer off.
 *
 * <p>Back-pressure: while the peer does not take its replies (the channel is not writable, or the
 * unsent ones are many), or this connection or all together have too much in flight, no further
 * call is begun and the socket is not read. What has arrived waits in the receive buffer,
 * everything else in the peer. Answers that were put off and come meanwhile wait unencoded.
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
  private final ReplySender replies;
  private final SendBatch batch;
  private final DeferredAnswers deferred;
  private final CredentialCodec credentials = new CredentialCodec();
  private final TurnLength turn = new TurnLength();
  private final PeerWatch watch;
  private final CallTap tap;

  private ChannelHandlerContext context;
  private ConnectionOrigin origin;
  private ServerCall call;

  private boolean reading;
  private boolean paused;
  private boolean waitingForRoom;

  /** Why no further call was begun at the last look: all connections have too much in flight. */
  private boolean lacksRoom;

  private ClientCounters counters;
  private boolean inputEnded;
  private volatile boolean closed;

  ServerConnection(ServerContext server) {
    this.server = server;
    this.receiver =
        new RecordReceiver(
            server.options().maxRecordBytes(), server.options().maxFragments(), this::isSparing);
    this.replies = new ReplySender(this, server);
    this.watch = new PeerWatch(this, server, receiver, replies);
    this.batch = replies.batch();
    this.deferred = new DeferredAnswers(server.inFlight());
    this.call = new ServerCall(this, batch);
    this.tap = server.options().tap();
  }

  InetSocketAddress client() {
    return origin.client();
  }

  /** This end's address, which the client called. */
  InetSocketAddress local() {
    return origin.local();
  }

  InetAddress clientAddress() {
    return origin.client().getAddress();
  }

  CallOrigin origin() {
    return origin;
  }

  /** As its {@link CallOrigin#id}: greater than that of every older connection. */
  long id() {
    return origin.id();
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext newContext) {
    context = newContext;
    replies.begin(newContext);
    newContext.channel().config().setRecvByteBufAllocator(receiver);
  }

  @Override
  public void channelActive(ChannelHandlerContext newContext) {
    origin = new ConnectionOrigin(newContext.channel());
    counters = server.statistics().of(newContext.executor(), clientAddress());
    turn.begin();
    server.connections().add(this).ifPresent(ServerConnection::leave);
    watch.begin(newContext.channel());
    newContext.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext unused, Object message) {
    reading = true;
    watch.moved();
    receiver.received((ByteBuf) message);
    serve();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext unused) {
    reading = false;
    replies.send();
    turn.end(receiver.turnBytes());
    receiver.readComplete();
    watch.countHeld();
  }

  private boolean isSparing() {
    return turn.isCrowded() || server.memory().isShort();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext unused) {
    if (context.channel().isWritable() && !replies.isCompacting()) {
      replies.whileFlushing(this::encodeAnswers);
    }
  }

  /**
   * Begins calls until none is complete or this connection has enough in flight; then it pauses.
   *
   * @return whether it goes on
   */
  private boolean serve() {
    boolean all;
    try {
      all = receiver.handOut(this);
    } catch (RecordException e) {
      replies.send();
      abandon(e.getMessage());
      return false;
    }
    boolean goesOn = all && accepting();
    if (!goesOn && !closed) {
      pause();
    }
    return goesOn;
  }

  @Override
  public boolean accepting() {
    lacksRoom = false;
    if (closed
        || replies.isFull()
        || !context.channel().isWritable()
        || deferred.requests() >= server.options().maxConnectionRequests()
        || deferred.bytes() >= server.options().maxConnectionBytes()) {
      return false;
    }
    lacksRoom =
        !server.inFlight().admits(deferred.requests(), deferred.bytes() + replies.unsentBytes());
    long unsentMemory = replies.unsentMemory();
    return !lacksRoom
        && (unsentMemory == 0
            || !(server.memory().isFull() && server.memory().isMoreThanShare(unsentMemory)));
  }

  /**
   * Until something of this connection's own is answered or taken; or, if that was why, until there
   * is room. The last look decides: by now there may be room, and then nobody else would wake it.
   */
  private void pause() {
    if (!paused) {
      paused = true;
      context.channel().config().setAutoRead(false);
    }
    if (lacksRoom && !waitingForRoom) {
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
    if (!paused || closed) {
      return;
    }
    if (!accepting()) {
      pause();
      return;
    }
    boolean goesOn = serve();
    replies.send();
    if (!reading) { // the end of a read books it otherwise
      receiver.rest();
      watch.countHeld();
    }
    if (goesOn && !closed) {
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
    turn.record();
    int recordIndex = in.readerIndex();
    int recordBytes = in.readableBytes();
    int xid = in.readInt();
    int type = in.readInt();
    if (type != RpcMessage.CALL) {
      throw new RecordException("message type " + type + " where a call is due");
    }
    int rpcVersion = in.readInt();
    call.begin(xid, in.readInt(), in.readInt(), in.readInt(), recordBytes);
    TappedCall tapped = tap.received(call, in, recordIndex, recordBytes);
    if (tapped != null && !isServed(tapped)) {
      return;
    }
    if (rpcVersion != RpcMessage.RPC_VERSION) {
      ReplyHeader.rpcMismatch(batch.begin(), xid);
      call.refused();
    } else {
      dispatch(in);
    }
    replies.sendIfFull();
  }

  /** Whether whoever hears of the call lets it be served. */
  private boolean isServed(TappedCall tapped) {
    call.tap(tapped);
    CallFate fate = tapped.fate();
    if (fate == CallFate.PASS) {
      return true;
    }
    call.endTapped();
    if (fate == CallFate.HANG_UP) {
      disconnect();
    }
    return false;
  }

  private void dispatch(ByteBuf in) {
    Credential credential = credentials.read(in);
    if (credential == null) {
      ReplyHeader.authError(batch.begin(), call.xid(), credentials.refusal());
      call.refused();
      return;
    }
    RpcProgram program = server.programs().find(call.program(), call.version());
    if (program != null) {
      run(program, credential, in);
    } else {
      server.refuseUnknown(batch.begin(), call.xid(), call.program());
      call.refused();
    }
  }

  private void run(RpcProgram program, Credential credential, ByteBuf in) {
    ServerCall running = call;
    running.run(
        program, credential, in, counters.of(program, running.version(), running.procedure()));
    if (running.isDeferred()) {
      call = new ServerCall(this, batch);
      deferred.putOff(running.recordBytes());
    }
  }

  /** See {@link ServerContext#failureStatus}. */
  int failureStatus(ServerCall failed, Throwable cause) {
    return server.failureStatus(failed, cause);
  }

  /** Takes an answer that was put off; from any thread. */
  void answered(DeferredCall answer) {
    boolean mustTell = deferred.add(answer);
    if (closed) {
      deferred.discard();
    } else if (mustTell) {
      execute(this::scheduledAnswers);
    }
  }

  private void scheduledAnswers() {
    deferred.looked();
    encodeAnswers();
  }

  private void encodeAnswers() {
    while (!closed && context.channel().isWritable() && deferred.encodeNext()) {
      replies.sendIfFull();
    }
    if (!reading) {
      replies.send();
    }
    resume();
    endIfDone();
  }

  /**
   * After the peer's last call, with nothing of its calls left to do: the last reply, and good-bye.
   */
  private void endIfDone() {
    if (inputEnded && !closed && !paused && deferred.requests() == 0) {
      inputEnded = false;
      replies.end();
    }
  }

  /** The peer has taken some of its replies. */
  void repliesTaken() {
    watch.moved();
    if (paused) {
      execute(this::resume);
    }
  }

  /** Unsent replies lie elsewhere now, and the socket may have taken all of them meanwhile. */
  void repliesMoved() {
    if (context.channel().isWritable() && !deferred.isEmpty()) {
      execute(this::encodeAnswers);
    } else if (paused) {
      execute(this::resume);
    }
  }

  /**
   * Whether nothing is under way here; from any thread, which may see what was true a moment ago.
   */
  boolean isIdle() {
    return deferred.requests() == 0 && !paused && watch.heldMemory() == 0;
  }

  /** Whether the server is to answer, or to go on, before the peer can. */
  boolean isToMove() {
    return paused || deferred.requests() > 0;
  }

  /** Others need its place; from any thread. */
  void leave() {
    execute(
        () ->
            abandon(
                "its client has most of the connections, and there is no room for another one"));
  }

  /** Memory is full: give up what is not needed, or go if nothing moves; from any thread. */
  void askToRelieve() {
    execute(watch::relieve);
  }

  /** Runs a task in a second on this connection's loop; false if that has ended. */
  boolean later(Runnable task) {
    try {
      var unused = context.executor().schedule(FatalErrors.reporting(task), 1, TimeUnit.SECONDS);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private void execute(Runnable task) {
    try {
      context.executor().execute(() -> guarded(task));
    } catch (RejectedExecutionException e) {
      // The loop has ended, and the connection with it: there is nobody to tell.
    }
  }

  /** What goes wrong in a task of ours costs this connection, as in a read. */
  void guarded(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException | Error e) {
      exceptionCaught(context, e);
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
    if (FatalErrors.isEndOfDirectMemory(cause)) {
      memoryEnded(cause);
      return;
    }
    if (!(cause instanceof IOException)) {
      server.log().warn("closing the connection of " + context.channel().remoteAddress(), cause);
    }
    FatalErrors.report(cause);
    disconnect();
  }

  /** There is no memory for a reply, or to read a call: this connection goes, the others stay. */
  void memoryEnded(Throwable cause) {
    abandon("no direct memory left (" + cause.getMessage() + "); raise -XX:MaxDirectMemorySize");
  }

  void abandon(String reason) {
    server
        .log()
        .warn(
            "closing the connection of " + context.channel().remoteAddress() + ": " + reason, null);
    disconnect();
  }

  void disconnect() {
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
    server.connections().remove(this);
    receiver.close();
    watch.close();
    replies.close();
    deferred.close();
  }
}
