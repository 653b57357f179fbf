/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * The orderly ends of a connection that serves.
 *
 * <ul>
 *   <li>The peer has shut down its sending side: it gets the answers to all that it has sent, then
 *       the connection is closed.
 *   <li>A tapped call has it closed: the peer gets what was answered, then the end of the stream.
 *       It may be sending meanwhile, and a close with unread bytes would be a reset; so what it
 *       sends is skipped until it has ended its side, too, or for {@value #LINGER_SECONDS} seconds.
 *   <li>A tapped call has it reset.
 * </ul>
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class ConnectionEnd {
  /** How long a peer may send on after the end of its stream. */
  private static final int LINGER_SECONDS = 2;

  private final ServerConnection connection;
  private final ReadControl control;
  private final DeferredAnswers deferred;
  private final KeptBack kept;
  private final Callbacks callbacks;
  private final ReplySender replies;
  private ChannelHandlerContext context;

  /** Whether the peer has shut down its sending side. */
  private boolean inputEnded;

  /** Whether nothing more is served or answered, although the connection is still there. */
  private boolean begun;

  ConnectionEnd(
      ServerConnection connection,
      ReadControl control,
      DeferredAnswers deferred,
      KeptBack kept,
      Callbacks callbacks,
      ReplySender replies) {
    this.connection = connection;
    this.control = control;
    this.deferred = deferred;
    this.kept = kept;
    this.callbacks = callbacks;
    this.replies = replies;
  }

  void begin(ChannelHandlerContext newContext) {
    context = newContext;
  }

  /** Whether nothing more is served or answered. */
  boolean hasBegun() {
    return begun;
  }

  /** The peer has shut down its sending side. */
  void inputEnded() {
    inputEnded = true;
    if (begun) {
      endIfOutputHas();
    } else if (!control.isReading()) {
      ifDone();
    }
  }

  /** A clean end is complete, unless the last reply is still to be taken. */
  private void endIfOutputHas() {
    if (context.channel() instanceof DuplexChannel channel && channel.isOutputShutdown()) {
      connection.disconnect();
    }
  }

  /**
   * Sends the last reply and closes the connection if the peer sends no more calls and all of them
   * are done.
   */
  void ifDone() {
    if (!inputEnded || connection.isEnding() || control.isPaused()) {
      return;
    }
    callbacks.inputEnded();
    if (deferred.requests() == 0 && kept.isEmpty()) {
      begun = true;
      replies.end();
    }
  }

  /** A tapped call is lost: what becomes of the connection. */
  void lost(CallFate fate) {
    if (fate == CallFate.CLOSE) {
      closeCleanly();
    } else if (fate == CallFate.RESET) {
      reset();
    }
  }

  /** Serves nothing more, sends what was answered, and lets the peer read the end of the stream. */
  void closeCleanly() {
    if (connection.isEnding()) {
      return;
    }
    begun = true;
    callbacks.endBecause("a fault closed the connection", null);
    kept.close();
    replies.end();
  }

  /** The peer has taken everything that it is to get. */
  void lastReplyTaken() {
    if (inputEnded || !(context.channel() instanceof DuplexChannel channel)) {
      connection.disconnect();
      return;
    }
    var unusedEnd = channel.shutdownOutput();
    control.skipAll();
    var unusedLimit =
        context.executor().schedule(connection::disconnect, LINGER_SECONDS, TimeUnit.SECONDS);
  }

  /** Ends the connection at once, with a reset instead of the end of the stream. */
  void reset() {
    begun = true;
    callbacks.endBecause("a fault reset the connection", null);
    try {
      context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    } catch (ChannelException e) {
      // the socket is closed already
    }
    connection.disconnect();
  }
}
