/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class BufferLeaksTest {
  @Test
  void aBufferDroppedWithoutReleaseIsFoundWithItsPlaceOfAllocation() {
    assertThat(BufferLeaks.collect()).isEmpty();

    dropPooledBuffer();

    assertThat(BufferLeaks.collect())
        .singleElement()
        .asString()
        .contains("BufferLeaksTest.dropPooledBuffer");
    assertThat(BufferLeaks.collect()).isEmpty();
  }

  @Test
  void aSliceRetainedAndDroppedIsFound() {
    ByteBuf parent = PooledByteBufAllocator.DEFAULT.directBuffer(64).writeZero(64);
    retainSlice(parent);
    parent.release();
    parent = null;

    assertThat(BufferLeaks.collect()).isNotEmpty();
  }

  @Test
  void releasedBuffersAreNoLeaks() {
    PooledByteBufAllocator.DEFAULT.directBuffer(64).release();
    ByteBuf unpooled = UnpooledByteBufAllocator.DEFAULT.heapBuffer(64);
    unpooled.retainedSlice().release();
    unpooled.release();

    assertThat(BufferLeaks.collect()).isEmpty();
  }

  @SuppressWarnings("CheckReturnValue") // the leak to be found
  private static void dropPooledBuffer() {
    PooledByteBufAllocator.DEFAULT.directBuffer(64).writeInt(1);
  }

  @SuppressWarnings("CheckReturnValue") // the leak to be found
  private static void retainSlice(ByteBuf parent) {
    parent.retainedSlice(0, 8);
  }
}
