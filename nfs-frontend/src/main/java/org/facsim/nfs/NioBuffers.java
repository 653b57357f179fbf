/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;

/** Gives the array a view of bytes in Netty's buffers. */
public final class NioBuffers {
  private NioBuffers() {}

  /**
   * A range of a buffer, without a copy; valid until the next such view of the same buffer. A
   * buffer of several components is gathered into a copy, so for those it is for reading only.
   */
  public static ByteBuffer of(ByteBuf buffer, int index, int lengthBytes) {
    return buffer.nioBufferCount() == 1
        ? buffer.internalNioBuffer(index, lengthBytes)
        : buffer.nioBuffer(index, lengthBytes);
  }
}
