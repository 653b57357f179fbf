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
 * The end of a connection that serves: a server's, or that of a client that was given programs.
 *
 * <p>A turn: every read of the socket passes its complete records to {@link #record}, one after the
 * other, on the thread that read them. Each answer is appended to the send batch. When the socket
 * is empty (or {@link SendBatch#isFull much} is gathered), the batch is sent with one flush. No
 * call changes threads unless its program puts the answer off.
 *
 * <p>Back-pressure: while the peer does not take its replies (the channel is not writable, or the
 * unsent ones are many), or this connection or all together have too much in flight, no further
 * call is begun and the socket is not read. What has arrived waits in the receive buffer, and
 * everything else waits in the peer. Answers that were put off and are given meanwhile wait
 * unencoded.
 *
 * <p>It calls, too: {@link OutgoingCalls}. Calls leave in the batch of the replies, and a peer that
 * does not take them is one that does not take its replies. Replies are told from calls by the
 * message type. A client's end reads always, because two ends that wait for each other to read
 * would wait for ever.
 *
 * <p>How it ends. A peer that shuts down its sending side gets the answers to all that it has sent,
 * then the connection is closed. {@link Quiet} says when one is closed on which nothing moves. A
 * record that is none, or too long, closes the connection at once, with one line in the log.
 *
 * <p>Only the connection's loop uses the state, except for the queue of answers, to which any
 * thread may add.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter
    implements CallingConnection, RecordReceiver.Sink {
  private final ServerContext server;
  private final RecordReceiver receiver;
  private final ReplySender replies;
  private final SendBatch batch;
  private final DeferredAnswers deferred;
  private final Callbacks callbacks;
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

  /**
   * Whether no further call was begun at the last look because all connections together have too
   * much in flight.
   */
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
    this.callbacks = new Callbacks(this, server, replies);
  }

  @Override
  public OutgoingCalls calls() {
    return callbacks.calls();
  }

  @Override
  public long strayReplies() {
    return server.strayReplies().sum();
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

  /** The same as its {@link CallOrigin#id}: greater than that of every older connection. */
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
    callbacks.begin(newContext);
    newContext.channel().config().setRecvByteBufAllocator(receiver);
  }

  @Override
  public void channelActive(ChannelHandlerContext newContext) {
    origin = new ConnectionOrigin(newContext.channel(), calls());
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
      callbacks.goOn();
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
    return mayBegin() || (server.readsAlways() && readsOn());
  }

  /** A client goes on although it should not begin another call, unless its server exploits it. */
  private boolean readsOn() {
    lacksRoom = false;
    if (closed) {
      return false;
    }
    boolean exploited =
        replies.isOverrun()
            || deferred.requests() >= server.options().maxConnectionRequests()
            || deferred.bytes() >= server.options().maxConnectionBytes();
    if (exploited) {
      abandon("its server makes calls and does not wait for the answers");
    }
    return !exploited;
  }

  private boolean mayBegin() {
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
   * Pauses until something of this connection is answered or taken or, if all connections together
   * have too much in flight, until there is room. The result of the last look decides: even if
   * there is room by now, nothing else would wake this connection.
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
    if (!reading) { // otherwise the end of the read counts it
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
      callbacks.shortRecord(in);
      return;
    }
    turn.record();
    int recordIndex = in.readerIndex();
    int recordBytes = in.readableBytes();
    int xid = in.readInt();
    int type = in.readInt();
    if (type != RpcMessage.CALL) {
      callbacks.otherThanCall(xid, type, in);
      return;
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

  /** Takes an answer that was put off. Any thread may call this. */
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
   * Sends the last reply and closes the connection if the peer sends no more calls and all of them
   * are done.
   */
  private void endIfDone() {
    if (!inputEnded || closed || paused) {
      return;
    }
    callbacks.inputEnded();
    if (deferred.requests() == 0) {
      inputEnded = false;
      replies.end();
    }
  }

  /** A call to the peer is about to leave. */
  void sentCall() {
    watch.moved();
  }

  /** The peer has taken some of its replies. */
  void repliesTaken() {
    watch.moved();
    callbacks.goOn();
    if (paused) {
      execute(this::resume);
    }
  }

  /**
   * Unsent replies were moved to other buffers. The socket may have taken all of them meanwhile.
   */
  void repliesMoved() {
    callbacks.goOn();
    if (context.channel().isWritable() && !deferred.isEmpty()) {
      execute(this::encodeAnswers);
    } else if (paused) {
      execute(this::resume);
    }
  }

  /** Whether nothing is under way here. Any thread may ask; the answer may be a moment old. */
  boolean isIdle() {
    return deferred.requests() == 0 && !calls().isBusy() && !paused && watch.heldMemory() == 0;
  }

  /** Whether the server must answer or go on before the peer can. */
  boolean isToMove() {
    return paused || deferred.requests() > 0;
  }

  /** Closes the connection because others need its place. Any thread may call this. */
  void leave() {
    execute(
        () ->
            abandon(
                "its client has most of the connections, and there is no room for another one"));
  }

  /**
   * Called when memory is full: the connection gives up what it does not need, or closes if nothing
   * moves. Any thread may call this.
   */
  void askToRelieve() {
    execute(watch::relieve);
  }

  /** Runs a task in one second on this connection's loop; false if the loop has ended. */
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
      // The loop has ended, and the connection with it, so nothing is left to do.
    }
  }

  /** Runs a task. If it fails, this connection is closed, as after a failed read. */
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
    callbacks.endBecause(cause.toString(), cause);
    disconnect();
  }

  /**
   * Closes this connection because there is no memory for a reply or to read a call. The others
   * stay open.
   */
  void memoryEnded(Throwable cause) {
    abandon("no direct memory left (" + cause.getMessage() + "); raise -XX:MaxDirectMemorySize");
  }

  void abandon(String reason) {
    callbacks.endBecause(reason, null);
    server
        .log()
        .warn(
            "closing the connection of " + context.channel().remoteAddress() + ": " + reason, null);
    disconnect();
  }

  @Override
  public void end(RpcException why) {
    execute(
        () -> {
          callbacks.endBecause(why);
          disconnect();
        });
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
    callbacks.close();
  }
}
