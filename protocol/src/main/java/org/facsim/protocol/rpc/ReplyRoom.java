/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;

/** The buffer that the bulk data of one reply is received into. */
final class ReplyRoom implements BulkRoom {
  private final ByteBuf buffer;

  ReplyRoom(int lengthBytes) {
    buffer = PooledByteBufAllocator.DEFAULT.directBuffer(lengthBytes, lengthBytes);
  }

  @Override
  public ByteBuffer memory() {
    return buffer.nioBuffer(0, buffer.capacity());
  }

  /** The data when all of it is there; whoever keeps it retains it. */
  ByteBuf data() {
    return buffer.setIndex(0, buffer.capacity());
  }

  @Override
  public void close() {
    buffer.release();
  }
}
