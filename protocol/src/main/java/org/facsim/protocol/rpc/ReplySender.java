/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;

/**
 * The replies of one connection, and the calls to its peer: gathered in a batch, sent together, and
 * booked until the socket has taken them. While memory is short, what the socket does not take
 * moves to buffers that just fit.
 *
 * <p>Not thread-safe: everything happens on the connection's loop.
 */
final class ReplySender {
  /**
   * Replies that the socket has not taken, at which no further call is begun: more than a client
   * that reads has under way, and little work for one that does not. Small replies stay far below
   * the bounds of bytes: without this one, each of 300 clients that send calls and read nothing
   * would be served tens of thousands of them.
   */
  private static final int MAX_UNSENT_REPLIES = 256;

  private static final int OVERRUN = 8;

  /** Of the memory: below that part it is not short, so nothing is copied again and again. */
  private static final int OVERRUN_PART = 4;

  private final ServerConnection connection;
  private final ServerContext server;
  private final SendBatch batch = new SendBatch();
  private ChannelHandlerContext context;

  private long unsentBytes;
  private int unsentReplies;

  /** Memory of replies that the peer has not taken. */
  private long unsentMemory;

  private boolean compacting;

  /** Netty may be within a flush, and what it sends must stay where it is. */
  private boolean flushing;

  /** The last reply is on its way, and behind it the end of the connection. */
  private boolean ending;

  ReplySender(ServerConnection connection, ServerContext server) {
    this.connection = connection;
    this.server = server;
  }

  void begin(ChannelHandlerContext newContext) {
    context = newContext;
  }

  /** Where replies are appended. */
  SendBatch batch() {
    return batch;
  }

  /** Bytes that the socket has not taken. */
  long unsentBytes() {
    return unsentBytes;
  }

  /** Memory that holds them. */
  long unsentMemory() {
    return unsentMemory;
  }

  /** Whether the peer leaves so many replies that it is served no further call. */
  boolean isFull() {
    return unsentReplies >= MAX_UNSENT_REPLIES;
  }

  /** Whether the peer leaves far more than that, although it is served on. */
  boolean isOverrun() {
    return unsentReplies >= MAX_UNSENT_REPLIES * OVERRUN
        || unsentBytes >= server.options().maxMemoryBytes() / OVERRUN_PART;
  }

  /** Whether what is unsent is moving to other buffers just now. */
  boolean isCompacting() {
    return compacting;
  }

  /** Runs what may send although Netty may be within a flush. */
  void whileFlushing(Runnable task) {
    flushing = true;
    try {
      task.run();
    } finally {
      flushing = false;
    }
  }

  /** Sends the batch if it is large enough, and always while memory is short. */
  void sendIfFull() {
    if (batch.isFull(server.memory())) {
      send();
    }
  }

  void send() {
    if (batch.isEmpty()) {
      return;
    }
    int replies = batch.records();
    int heldBytes = batch.send(context);
    if (connection.isClosed() || UnsentReplies.pendingBytes(context.channel()) == 0) {
      return;
    }
    if (!flushing && server.memory().isShort() && UnsentReplies.canMove(context.channel())) {
      compact(replies);
    } else {
      countUnsent(replies, heldBytes);
    }
  }

  /** Gives up what is not needed of the memory that unsent replies hold. */
  void shrink() {
    if (UnsentReplies.pendingBytes(context.channel()) > 0
        && UnsentReplies.canMove(context.channel())) {
      compact(0);
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
      connection.memoryEnded(e);
    } finally {
      compacting = false;
    }
    if (ending) {
      endWhenTaken(); // the write that stood for it was taken out with the others
    }
    connection.repliesMoved();
  }

  /** Books what the socket did not take at once, until the last byte of it has left. */
  private void countUnsent(int replies, long heldBytes) {
    long addedBytes = Math.max(0, UnsentReplies.pendingBytes(context.channel()) - unsentBytes);
    if (connection.isClosed() || (addedBytes == 0 && heldBytes == 0)) {
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
                  if (!connection.isClosed()) {
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
    if (!compacting) { // else it was moved, not taken
      connection.repliesTaken();
    }
  }

  /** The last reply, and good-bye when the peer has taken it. */
  void end() {
    send();
    ending = true;
    endWhenTaken();
  }

  private void endWhenTaken() {
    var unused =
        context
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener(
                done -> {
                  if (!compacting || !done.isSuccess()) {
                    var unusedEnd = context.close();
                  }
                });
  }

  /** The connection has ended. */
  void close() {
    batch.release();
    server.inFlight().giveBack(0, unsentBytes);
    server.memory().move(-unsentMemory);
    unsentBytes = 0;
    unsentMemory = 0;
  }
}
