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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

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
final class ServerConnection extends ChannelInboundHandlerAdapter
    implements RecordReceiver.Sink, CallOrigin {
  /**
   * With so many connections between two turns of one, a turn of small calls takes one small read:
   * of 300 clients that send calls as fast as they can, each would keep the others waiting for the
   * thousands of calls that fit a large one.
   */
  private static final int CROWD = 16;

  private static final int SMALL_RECORD_BYTES = 4 << 10;

  /**
   * Replies that the socket has not taken, at which no further call is begun: more than a client
   * that reads has under way, and little work for one that does not. Small replies stay far below
   * the bounds of bytes: without this one, each of 300 clients that send calls and read nothing
   * would be served tens of thousands of them.
   */
  private static final int MAX_UNSENT_REPLIES = 256;

  private static final AtomicLong LATEST_ID = new AtomicLong();

  private final long id = LATEST_ID.incrementAndGet();
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
  private int unsentReplies;

  /** Memory of replies that the peer has not taken, and of calls that have arrived in part. */
  private long unsentMemory;

  private long receivedMemory;
  private boolean compacting;

  /** Turns of this loop up to the latest one here, and the records of this one. */
  private TurnCounter turns;

  private long latestTurn;
  private int turnRecords;

  /**
   * So many others wait for their turns, and so small are our calls, that ours must be short; as
   * the first one is, because many connections may begin at a time.
   */
  private boolean crowded = true;

  /** Netty may be within a flush, and what it sends must stay where it is. */
  private boolean flushing;

  /** What was unsent when this connection was last asked to relieve the server; -1 if it moved. */
  private long unsentWhenAsked = -1;

  private boolean reading;
  private boolean paused;
  private boolean waitingForRoom;
  private final Quiet quiet;
  private ClientCounters counters;
  private Future<?> nextLook;
  private boolean inputEnded;
  private volatile boolean closed;
  private volatile CallOrigins latestNotedIn;

  ServerConnection(ServerContext server) {
    this.server = server;
    this.receiver =
        new RecordReceiver(
            server.options().maxRecordBytes(), server.options().maxFragments(), this::isSparing);
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
  public long id() {
    return id;
  }

  @Override
  public boolean isGone(CallOrigin later) {
    if (closed || (later instanceof ServerConnection other && hasSameEndsAs(other))) {
      return true;
    }
    return DeadPeers.isGone(context.channel());
  }

  /** TCP knows one connection of two given ends: with a newer one, the older is none any more. */
  private boolean hasSameEndsAs(ServerConnection newer) {
    return newer.id > id
        && newer.client.equals(client)
        && Objects.equals(newer.context.channel().localAddress(), context.channel().localAddress());
  }

  @Override
  public void whenEnded(Runnable task) {
    var unused = context.channel().closeFuture().addListener(closed -> task.run());
  }

  @Override
  public boolean isNotedIn(CallOrigins origins) {
    return latestNotedIn == origins;
  }

  @Override
  public void notedIn(CallOrigins origins) {
    latestNotedIn = origins;
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
    turns = TurnCounter.current();
    server.connections().add(this).ifPresent(ServerConnection::leave);
    lookLater();
    newContext.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext unused, Object message) {
    reading = true;
    moved();
    receiver.received((ByteBuf) message);
    serve();
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext unused) {
    reading = false;
    send();
    countTurn();
    receiver.readComplete();
    countHeld();
  }

  /** See {@link #CROWD}. */
  private void countTurn() {
    long turn = turns.next();
    crowded =
        turn - latestTurn > CROWD && receiver.turnBytes() < (long) turnRecords * SMALL_RECORD_BYTES;
    latestTurn = turn;
    turnRecords = 0;
  }

  private boolean isSparing() {
    return crowded || server.memory().isShort();
  }

  private void moved() {
    quiet.moved();
    unsentWhenAsked = -1;
  }

  /**
   * Books what the receive buffer holds between two turns. If all connections hold far too much and
   * those that do not move are not found quickly enough, whoever asks for more has to go: waiting
   * would not help, because unfinished records only end by being read.
   */
  private void countHeld() {
    long bytes = closed ? 0 : receiver.heldBytes();
    long addedBytes = bytes - receivedMemory;
    if (addedBytes == 0) {
      return;
    }
    receivedMemory = bytes;
    server.memory().move(addedBytes);
    if (addedBytes > 0 && server.memory().isOverrun() && server.memory().isMoreThanShare(bytes)) {
      abandon("unfinished calls of all connections hold " + server.memory().bytes() + " bytes");
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext unused) {
    if (context.channel().isWritable() && !compacting) {
      flushing = true;
      encodeAnswers();
      flushing = false;
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
        && unsentReplies < MAX_UNSENT_REPLIES
        && context.channel().isWritable()
        && deferredRequests < server.options().maxConnectionRequests()
        && deferredBytes < server.options().maxConnectionBytes()
        && server.inFlight().admits(deferredRequests, deferredBytes + unsentBytes)
        && (unsentMemory == 0
            || !(server.memory().isFull() && server.memory().isMoreThanShare(unsentMemory)));
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
    if (!reading) { // the end of a read books it otherwise
      receiver.rest();
      countHeld();
    }
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
    turnRecords++;
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
    if (batch.isFull(server.memory())) {
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
      if (batch.isFull(server.memory())) {
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
      nextLook =
          context
              .executor()
              .schedule(FatalErrors.reporting(this::look), periodNanos, TimeUnit.NANOSECONDS);
    }
  }

  /** Looks whether something moves here. */
  private void look() {
    if (closed) {
      return;
    }
    boolean unread = !context.channel().isWritable() || unsentReplies >= MAX_UNSENT_REPLIES;
    boolean ours = !unread && (deferredRequests > 0 || paused);
    String reason =
        quiet.reasonToClose(ours, unread, receiver.heldBytes() > 0, server.inFlight().hasRoom());
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
    int replies = batch.records();
    int heldBytes = batch.send(context);
    if (closed || UnsentReplies.pendingBytes(context.channel()) == 0) {
      return;
    }
    if (!flushing && server.memory().isShort() && UnsentReplies.canMove(context.channel())) {
      compact(replies);
    } else {
      countUnsent(replies, heldBytes);
    }
  }

  /**
   * Holds only as much memory as the unsent bytes need. A host without any left for the copy costs
   * this connection, whose peer could not have been sent anything more anyway.
   */
  private void compact(int newReplies) {
    compacting = true;
    try {
      int replies = unsentReplies + newReplies;
      countUnsent(replies, UnsentReplies.compact(context));
    } catch (OutOfMemoryError e) {
      memoryEnded(e);
    } finally {
      compacting = false;
    }
    if (context.channel().isWritable() && !answers.isEmpty()) {
      execute(this::encodeAnswers);
    } else if (paused) {
      execute(this::resume); // the socket may have taken all of the copies
    }
  }

  /** Books what the socket did not take at once, until the last byte of it has left. */
  private void countUnsent(int replies, long heldBytes) {
    long addedBytes = Math.max(0, UnsentReplies.pendingBytes(context.channel()) - unsentBytes);
    if (closed || (addedBytes == 0 && heldBytes == 0)) {
      return;
    }
    unsentBytes += addedBytes;
    unsentReplies += replies;
    unsentMemory += heldBytes;
    server.inFlight().take(0, addedBytes);
    server.memory().move(heldBytes);
    // An empty write completes when everything in front of it has left.
    var unused =
        context
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(
                done -> {
                  if (!closed) {
                    taken(addedBytes, replies, heldBytes);
                  }
                });
  }

  private void taken(long bytes, int replies, long memoryBytes) {
    unsentBytes -= bytes;
    unsentReplies -= replies;
    unsentMemory -= memoryBytes;
    server.inFlight().giveBack(0, bytes);
    server.memory().move(-memoryBytes);
    if (compacting) {
      return; // it was moved, not taken
    }
    moved();
    if (paused) {
      execute(this::resume);
    }
  }

  InetAddress clientAddress() {
    return client.getAddress();
  }

  /**
   * Whether nothing is under way here; from any thread, which may see what was true a moment ago.
   */
  boolean isIdle() {
    return deferredRequests == 0 && !paused && unsentMemory + receivedMemory == 0;
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
    execute(this::relieve);
  }

  private void relieve() {
    if (closed || unsentMemory + receivedMemory == 0) {
      return;
    }
    long pendingBytes = UnsentReplies.pendingBytes(context.channel());
    boolean ours = pendingBytes == 0 && (paused || deferredRequests > 0);
    boolean still = !ours && unsentWhenAsked >= 0 && pendingBytes >= unsentWhenAsked;
    receiver.shrink();
    countHeld();
    if (pendingBytes > 0 && UnsentReplies.canMove(context.channel())) {
      compact(0);
    }
    unsentWhenAsked = UnsentReplies.pendingBytes(context.channel());
    if (still
        && !closed
        && server.memory().isFull()
        && server.memory().isMoreThanShare(unsentMemory + receivedMemory)) {
      abandon(
          pendingBytes > 0
              ? "it does not take its replies, and others wait for the memory"
              : "it stopped in the middle of a call, and others wait for the memory");
    }
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
      context.executor().execute(FatalErrors.reporting(task));
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
    if (FatalErrors.isEndOfDirectMemory(cause)) {
      memoryEnded(cause);
      return;
    }
    if (!(cause instanceof IOException)) {
      server.log().warn("closing the connection of " + client, cause);
    }
    FatalErrors.report(cause);
    disconnect();
  }

  /** There is no memory for a reply, or to read a call: this connection goes, the others stay. */
  void memoryEnded(Throwable cause) {
    abandon("no direct memory left (" + cause.getMessage() + "); raise -XX:MaxDirectMemorySize");
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
    server.connections().remove(this);
    receiver.close();
    countHeld();
    if (nextLook != null) {
      nextLook.cancel(false);
    }
    batch.release();
    discardAnswers();
    server.inFlight().giveBack(deferredRequests, deferredBytes + unsentBytes);
    server.memory().move(-unsentMemory);
    unsentMemory = 0;
    deferredRequests = 0;
    deferredBytes = 0;
    unsentBytes = 0;
  }
}
