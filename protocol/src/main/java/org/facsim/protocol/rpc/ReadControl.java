/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import java.io.UncheckedIOException;

/**
 * Decides when a connection that serves reads its socket and begins calls.
 *
 * <p>Back-pressure: while the peer does not take its replies (the channel is not writable, or the
 * unsent ones are many), or this connection or all together have too much in flight, no further
 * call is begun and the socket is not read. What has arrived waits in the receive buffer, and
 * everything else waits in the peer. A client's end reads always, because two ends that wait for
 * each other to read would wait for ever.
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class ReadControl {
  private final ServerConnection connection;
  private final ServerContext server;
  private final RecordReceiver receiver;
  private final ReplySender replies;
  private final DeferredAnswers deferred;
  private final KeptBack kept;
  private final RecordReceiver.Sink calls;
  private final TurnLength turn = new TurnLength();
  private ChannelHandlerContext context;

  private boolean reading;
  private boolean paused;
  private boolean waitingForRoom;

  /** How many verdicts keep this connection from being read. */
  private int stops;

  /**
   * Whether no further call was begun at the last look because all connections together have too
   * much in flight.
   */
  private boolean lacksRoom;

  ReadControl(
      ServerConnection connection,
      ServerContext server,
      ReplySender replies,
      DeferredAnswers deferred,
      KeptBack kept,
      RecordReceiver.Sink calls) {
    this.connection = connection;
    this.server = server;
    this.replies = replies;
    this.deferred = deferred;
    this.kept = kept;
    this.calls = calls;
    this.receiver =
        new RecordReceiver(
            server.options().maxRecordBytes(), server.options().maxFragments(), this::isSparing);
  }

  RecordReceiver receiver() {
    return receiver;
  }

  /** How long the turns of this connection may be. */
  TurnLength turn() {
    return turn;
  }

  void begin(ChannelHandlerContext newContext) {
    context = newContext;
    newContext.channel().config().setRecvByteBufAllocator(receiver.memory());
  }

  private boolean isSparing() {
    return turn.isCrowded() || server.memory().isShort();
  }

  /** Whether a read of the socket is under way, whose end sends what was answered. */
  boolean isReading() {
    return reading;
  }

  /** Whether calls have arrived, or could, that are not begun. */
  boolean isPaused() {
    return paused;
  }

  /** Nothing is read, and no call begun, until {@link #endStop}. */
  void stop() {
    stops++;
    pause();
  }

  /** One reason fewer not to read; {@link #resume} goes on. */
  void endStop() {
    stops--;
  }

  /** Reads on until the end, and skips everything. */
  void skipAll() {
    receiver.skipAll();
    readSocket();
  }

  /**
   * Reads on. If the peer has closed while nothing was read, the kernel may have let go of the
   * socket already, although the channel counts as active: then the connection ends quietly.
   */
  private void readSocket() {
    try {
      context.channel().config().setAutoRead(true);
    } catch (UncheckedIOException gone) {
      connection.disconnect();
    }
  }

  /** The bytes of a read have arrived. */
  void arrived(ByteBuf bytes) {
    reading = true;
    receiver.memory().received(bytes);
    if (connection.isEnding()) {
      receiver.skipAll(); // nobody will answer it
    } else {
      serve();
    }
  }

  /** The read is over. */
  void readEnds() {
    reading = false;
  }

  /** The read is over, and what was answered is sent. */
  void readComplete() {
    turn.end(receiver.memory().turnBytes());
    receiver.readComplete();
  }

  /**
   * Begins calls until none is complete or this connection has enough in flight; then it pauses.
   *
   * @return whether it goes on
   */
  private boolean serve() {
    connection.origin().nextTurn();
    boolean all;
    try {
      all = receiver.handOut(calls);
    } catch (RecordException e) {
      replies.send();
      connection.abandon(e.getMessage());
      return false;
    }
    boolean goesOn = all && accepting();
    if (!goesOn && !connection.isClosed()) {
      pause();
    }
    return goesOn;
  }

  /** Whether another call may begin. */
  boolean accepting() {
    return mayBegin() || (server.readsAlways() && readsOn());
  }

  /** A client goes on although it should not begin another call, unless its server exploits it. */
  private boolean readsOn() {
    lacksRoom = false;
    if (connection.isClosed()) {
      return false;
    }
    boolean exploited =
        replies.isOverrun()
            || deferred.requests() >= server.options().maxConnectionRequests()
            || deferred.bytes() >= server.options().maxConnectionBytes();
    if (exploited) {
      connection.abandon("its server makes calls and does not wait for the answers");
    }
    return !exploited;
  }

  private boolean mayBegin() {
    lacksRoom = false;
    if (stops > 0
        || connection.isEnding()
        || !kept.hasRoom()
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
      server.inFlight().awaitRoom(() -> connection.execute(this::roomMade));
    }
  }

  private void roomMade() {
    waitingForRoom = false;
    resume();
  }

  /** Goes on where {@link #pause} stopped: first with what has arrived, then with reading. */
  void resume() {
    if (!paused || connection.isClosed() || !context.channel().isActive()) {
      return; // a channel that has ended may not be told to read
    }
    if (!accepting()) {
      pause();
      return;
    }
    boolean goesOn = serve();
    replies.send();
    if (!reading) { // otherwise the end of the read counts it
      receiver.rest();
      connection.countHeld();
    }
    if (goesOn && !connection.isClosed()) {
      paused = false;
      readSocket();
      connection.end().ifDone();
    }
  }
}
