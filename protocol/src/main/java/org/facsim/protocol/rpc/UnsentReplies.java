/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.handler.ssl.SslHandler;
import java.util.ArrayList;
import java.util.List;

/**
 * The replies that a socket has not taken, and how to hold less memory for them. A turn's replies
 * lie in a buffer of 64 KiB or more, which is not free before its last byte is sent. Without this
 * class, a peer that leaves a few bytes unread would keep all of it.
 */
final class UnsentReplies {
  private UnsentReplies() {}

  /** The bytes that the socket has not taken yet, including what Netty counts for each write. */
  static long pendingBytes(Channel channel) {
    ChannelOutboundBuffer outbound = channel.unsafe().outboundBuffer();
    return outbound == null ? 0 : outbound.totalPendingWriteBytes();
  }

  /**
   * Whether unsent replies can be moved; not with io_uring, where the kernel may read them in
   * place.
   */
  static boolean canMove(Channel channel) {
    return !(channel instanceof IoUringSocketChannel)
        && channel.unsafe().outboundBuffer() != null
        && channel.pipeline().get(SslHandler.class) == null; // what waits is encrypted already
  }

  /**
   * Copies unsent replies into buffers of just the right size. Data that lies in another owner's
   * memory stays where it is. The order is kept, the promises of removed writes are fulfilled, and
   * the channel may become writable and unwritable again meanwhile. If there is no memory for the
   * copy, nothing changes.
   *
   * @return the memory of the copies, in bytes
   * @throws OutOfMemoryError if there is no direct memory for the copy
   */
  static long compact(ChannelHandlerContext context) {
    ChannelOutboundBuffer outbound = context.channel().unsafe().outboundBuffer();
    List<ByteBuf> pieces = new ArrayList<>();
    try {
      outbound.forEachFlushedMessage(message -> pieces.add(((ByteBuf) message).retain()));
    } catch (Exception e) {
      throw new ChannelException(e); // what is passed in throws none
    }
    List<ByteBuf> copies;
    try {
      copies = copies(pieces);
    } finally {
      pieces.forEach(ByteBuf::release);
    }
    while (outbound.current() != null) {
      outbound.remove();
    }
    long heldBytes = 0;
    for (ByteBuf copy : copies) {
      heldBytes += copy instanceof GatheredBytes ? 0 : copy.capacity();
      var unused = context.write(copy, context.voidPromise());
    }
    context.flush();
    return heldBytes;
  }

  /** The buffers to send instead; the caller owns them. */
  private static List<ByteBuf> copies(List<ByteBuf> pieces) {
    List<ByteBuf> copies = new ArrayList<>();
    boolean done = false;
    try {
      int next = 0;
      while (next < pieces.size()) {
        if (pieces.get(next) instanceof GatheredBytes data) {
          copies.add(data.retain());
          next++;
          continue;
        }
        int end = next;
        int bytes = 0;
        while (end < pieces.size() && !(pieces.get(end) instanceof GatheredBytes)) {
          bytes += pieces.get(end++).readableBytes();
        }
        if (bytes > 0) {
          ByteBuf copy = PooledByteBufAllocator.DEFAULT.directBuffer(bytes, bytes);
          copies.add(copy);
          for (ByteBuf piece : pieces.subList(next, end)) {
            copy.writeBytes(piece, piece.readerIndex(), piece.readableBytes());
          }
        }
        next = end;
      }
      done = true;
      return copies;
    } finally {
      if (!done) {
        copies.forEach(ByteBuf::release);
      }
    }
  }
}
