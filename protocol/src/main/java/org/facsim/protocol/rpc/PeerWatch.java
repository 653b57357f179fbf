/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Ends a connection on which nothing moves: {@link Quiet} says when. And gives up what it does not
 * need of the server's memory when that is full; one that holds more than its share and does not
 * move meanwhile goes.
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

  /** What was unsent when the connection was last asked to relieve the server; -1 if it moved. */
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
   * Books what the receive buffer holds between two turns. If all connections hold far too much and
   * those that do not move are not found quickly enough, whoever asks for more has to go: waiting
   * would not help, because unfinished records only end by being read.
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

  /** Memory is full: gives up what is not needed, or goes if nothing moves. */
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
