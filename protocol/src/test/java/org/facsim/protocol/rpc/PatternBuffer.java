/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.ByteBuffer;

/** Data in which every eight bytes differ, so that anything lost, doubled or moved shows. */
final class PatternBuffer {
  private PatternBuffer() {}

  static ByteBuf ofBytes(int bytes) {
    ByteBuffer pattern = ByteBuffer.allocate((bytes + 7) / 8 * 8);
    for (int i = 0; pattern.hasRemaining(); i++) {
      pattern.putLong(0x9E37_79B9_7F4A_7C15L * (i + 1));
    }
    return PooledByteBufAllocator.DEFAULT.directBuffer(bytes).writeBytes(pattern.array(), 0, bytes);
  }
}
