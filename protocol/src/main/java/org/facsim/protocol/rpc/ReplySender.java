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
   * How many replies the socket may not have taken before no further call is begun. A client that
   * reads its replies has fewer under way, and one that does not read causes little work. The
   * bounds of bytes would not help with small replies: without this bound, the server would serve
   * tens of thousands of calls for each of 300 clients that send calls and read nothing.
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

  /** Whether Netty may be in a flush, when what it sends must not move. */
  private boolean flushing;

  /** Whether the last reply was sent, after which the connection ends. */
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

  /** Whether the peer has left too many replies untaken to be served a further call. */
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

  /** Runs a task that may send while Netty may be in a flush. */
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

  /** Gives up the memory of unsent replies that is not needed. */
  void shrink() {
    if (UnsentReplies.pendingBytes(context.channel()) > 0
        && UnsentReplies.canMove(context.channel())) {
      compact(0);
    }
  }

  /**
   * Reduces the held memory to what the unsent bytes need. If there is no memory for the copy, this
   * connection is closed; nothing more could have been sent to its peer anyway.
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
      endWhenTaken(); // the write that stood for the end was removed with the others
    }
    connection.repliesMoved();
  }

  /** Counts what the socket did not take at once, until the last byte of it has left. */
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

  /** Sends the last reply, and tells the connection when the peer has taken it. */
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
                  if (!done.isSuccess()) {
                    connection.disconnect();
                  } else if (!compacting) {
                    connection.end().lastReplyTaken();
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
