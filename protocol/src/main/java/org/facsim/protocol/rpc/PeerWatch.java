/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Closes a connection on which nothing moves; {@link Quiet} says when. When the server's memory is
 * full, it also gives up what the connection does not need, and closes a connection that holds more
 * than its share and on which nothing moves meanwhile.
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class PeerWatch {
  private final ServerConnection connection;
  private final ServerContext server;
  private final RecordReceiver receiver;
  private final ReplySender replies;
  private final Quiet quiet;
  private Channel channel;
  private Future<?> nextLook;

  /** Memory of calls that have arrived in part. */
  private long receivedMemory;

  /**
   * How many bytes were unsent when the connection was last asked to relieve the server; -1 if
   * something has moved since.
   */
  private long unsentWhenAsked = -1;

  PeerWatch(
      ServerConnection connection,
      ServerContext server,
      RecordReceiver receiver,
      ReplySender replies) {
    this.connection = connection;
    this.server = server;
    this.receiver = receiver;
    this.replies = replies;
    this.quiet = new Quiet(server.options());
  }

  void begin(Channel newChannel) {
    channel = newChannel;
    lookLater();
  }

  /** A byte came or left. */
  void moved() {
    quiet.moved();
    unsentWhenAsked = -1;
  }

  private void lookLater() {
    long periodNanos = quiet.periodNanos();
    if (periodNanos > 0) {
      EventLoop loop = channel.eventLoop();
      nextLook =
          loop.schedule(() -> connection.guarded(this::look), periodNanos, TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    if (connection.isClosed()) {
      return;
    }
    boolean unread = !channel.isWritable() || replies.isFull();
    boolean ours = !unread && connection.isToMove();
    String reason =
        quiet.reasonToClose(ours, unread, receiver.heldBytes() > 0, server.inFlight().hasRoom());
    if (reason == null) {
      lookLater();
    } else if (reason.equals(Quiet.IDLE)) {
      connection.disconnect();
    } else {
      connection.abandon(reason);
    }
  }

  /** Memory of replies that the peer has not taken, and of calls that have arrived in part. */
  long heldMemory() {
    return replies.unsentMemory() + receivedMemory;
  }

  /**
   * Counts what the receive buffer holds between two turns. If all connections together hold far
   * too much, and those that do not move are not found quickly enough, the connection that asks for
   * more is closed. Waiting would not help, because an unfinished record only ends when the rest of
   * it is read.
   */
  void countHeld() {
    long bytes = connection.isClosed() ? 0 : receiver.heldBytes();
    long addedBytes = bytes - receivedMemory;
    if (addedBytes == 0) {
      return;
    }
    receivedMemory = bytes;
    server.memory().move(addedBytes);
    if (addedBytes > 0 && server.memory().isOverrun() && server.memory().isMoreThanShare(bytes)) {
      connection.abandon(
          "unfinished calls of all connections hold " + server.memory().bytes() + " bytes");
    }
  }

  /**
   * Called when memory is full: gives up what is not needed, or closes the connection if nothing
   * moves.
   */
  void relieve() {
    if (connection.isClosed() || heldMemory() == 0) {
      return;
    }
    long pendingBytes = UnsentReplies.pendingBytes(channel);
    boolean ours = pendingBytes == 0 && connection.isToMove();
    boolean still = !ours && unsentWhenAsked >= 0 && pendingBytes >= unsentWhenAsked;
    receiver.shrink();
    countHeld();
    replies.shrink();
    unsentWhenAsked = UnsentReplies.pendingBytes(channel);
    if (still
        && !connection.isClosed()
        && server.memory().isFull()
        && server.memory().isMoreThanShare(heldMemory())) {
      connection.abandon(
          pendingBytes > 0
              ? "it does not take its replies, and others wait for the memory"
              : "it stopped in the middle of a call, and others wait for the memory");
    }
  }

  /** The connection has ended, and holds nothing more. */
  void close() {
    countHeld();
    if (nextLook != null) {
      nextLook.cancel(false);
    }
  }
}
