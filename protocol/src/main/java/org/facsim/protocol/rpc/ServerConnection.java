/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.DecoderException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * The end of a connection that serves: a server's, or that of a client that was given programs.
 *
 * <p>A turn: every read of the socket passes its complete records to {@link CallIntake}, one after
 * the other, on the thread that read them. Each answer is appended to the send batch. When the
 * socket is empty (or {@link SendBatch#isFull much} is gathered), the batch is sent with one flush.
 * No call changes threads unless its program puts the answer off.
 *
 * <p>{@link ReadControl} says when the socket is read and calls begin, {@link CallIntake} makes
 * calls of records. While the peer does not take its replies, answers that were put off and are
 * given meanwhile wait unencoded.
 *
 * <p>It calls, too: {@link OutgoingCalls}. Calls leave in the batch of the replies, and a peer that
 * does not take them is one that does not take its replies.
 *
 * <p>How it ends. A peer that shuts down its sending side gets the answers to all that it has sent,
 * then the connection is closed. {@link Quiet} says when one is closed on which nothing moves. A
 * record that is none, or too long, closes the connection at once, with one line in the log.
 *
 * <p>Only the connection's loop uses the state, except for the queue of answers, to which any
 * thread may add.
 */
final class ServerConnection extends ChannelInboundHandlerAdapter implements CallingConnection {
  private final ServerContext server;
  private final ReplySender replies;
  private final DeferredAnswers deferred;
  private final Callbacks callbacks;
  private final KeptBack kept;
  private final CallIntake intake;
  private final ReadControl control;
  private final PeerWatch watch;
  private final ConnectionEnd end;
  private final ConnectionTls tls;

  private ChannelHandlerContext context;
  private ConnectionOrigin origin;
  private volatile boolean closed;

  ServerConnection(ServerContext server) {
    this.server = server;
    this.replies = new ReplySender(this, server);
    this.deferred = new DeferredAnswers(server.inFlight());
    this.callbacks = new Callbacks(this, server, replies);
    this.kept = new KeptBack(server.kept());
    this.intake = new CallIntake(this, server, replies, deferred, callbacks, kept);
    this.control = new ReadControl(this, server, replies, deferred, kept, intake);
    this.watch = new PeerWatch(this, server, control.receiver(), replies);
    this.tls = new ConnectionTls(server.options().tls().orElse(null));
    this.end = new ConnectionEnd(this, control, deferred, kept, callbacks, replies);
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

  /** Tells rough times. */
  TurnCounter clock() {
    return control.turn().clock();
  }

  /** What has arrived behind the record that is handed out. */
  int bytesBehind() {
    return control.receiver().bytesBehind();
  }

  InetAddress clientAddress() {
    return origin.client().getAddress();
  }

  ConnectionOrigin origin() {
    return origin;
  }

  /** Whether the connection may change to TLS now. */
  boolean mayStartTls() {
    return tls.mayBegin();
  }

  /** From the next byte on, everything is TLS. */
  void startTls() {
    tls.begin(context, control.receiver().memory(), origin);
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
    kept.begin(newContext.executor());
    end.begin(newContext);
    control.begin(newContext);
  }

  @Override
  public void channelActive(ChannelHandlerContext newContext) {
    origin = new ConnectionOrigin(newContext.channel(), calls());
    intake.begin(control, server.statistics().of(newContext.executor(), clientAddress()));
    control.turn().begin();
    server.connections().add(this).ifPresent(ServerConnection::leave);
    watch.begin(newContext.channel());
    newContext.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext unused, Object message) {
    watch.moved();
    control.arrived((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext unused) {
    control.readEnds();
    replies.send();
    control.readComplete();
    watch.countHeld();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext unused) {
    if (context.channel().isWritable() && !replies.isCompacting()) {
      replies.whileFlushing(this::encodeAnswers);
      callbacks.goOn();
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
    while (!isEnding() && context.channel().isWritable() && deferred.encodeNext()) {
      replies.sendIfFull();
    }
    if (isEnding()) {
      deferred.discard();
    }
    if (!control.isReading()) {
      replies.send();
    }
    control.resume();
    end.ifDone();
  }

  /** Whether nothing more is served, because the connection has ended or is about to. */
  boolean isEnding() {
    return end.hasBegun() || closed;
  }

  /** How the connection ends. */
  ConnectionEnd end() {
    return end;
  }

  /** What is kept back of this connection. */
  KeptBack kept() {
    return kept;
  }

  /** An answer was appended. */
  void answerLeft() {
    if (kept.hasBehind()) {
      kept.answerLeft(null);
    }
  }

  /** Something that was kept back has gone on; there may be room for more. */
  void keptWentOn() {
    if (!control.isReading()) {
      replies.send();
    }
    execute(this::goOn);
  }

  private void goOn() {
    control.resume();
    end.ifDone();
  }

  /** Counts what the receive buffer holds between two turns. */
  void countHeld() {
    watch.countHeld();
  }

  /** A call to the peer is about to leave. */
  void sentCall() {
    watch.moved();
  }

  /** The peer has taken some of its replies. */
  void repliesTaken() {
    watch.moved();
    callbacks.goOn();
    if (control.isPaused()) {
      execute(control::resume);
    }
  }

  /**
   * Unsent replies were moved to other buffers. The socket may have taken all of them meanwhile.
   */
  void repliesMoved() {
    callbacks.goOn();
    if (context.channel().isWritable() && !deferred.isEmpty()) {
      execute(this::encodeAnswers);
    } else if (control.isPaused()) {
      execute(control::resume);
    }
  }

  /** Whether nothing is under way here. Any thread may ask; the answer may be a moment old. */
  boolean isIdle() {
    return deferred.requests() == 0
        && kept.isEmpty()
        && !calls().isBusy()
        && !control.isPaused()
        && watch.heldMemory() == 0;
  }

  /** Whether the server must answer or go on before the peer can. */
  boolean isToMove() {
    return control.isPaused() || deferred.requests() > 0 || !kept.isEmpty();
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

  void execute(Runnable task) {
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
      end.inputEnded();
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
    boolean isTls = cause instanceof DecoderException && cause.getCause() instanceof SSLException;
    if (isTls) {
      abandon("TLS failed: " + cause.getCause().getMessage());
      return;
    }
    // unchecked: the kernel let go of a socket that was not read while its peer closed it
    if (!(cause instanceof IOException || cause instanceof UncheckedIOException)) {
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
    control.receiver().close();
    watch.close();
    replies.close();
    kept.close();
    deferred.close();
    callbacks.close();
    intake.handedOut();
  }
}
