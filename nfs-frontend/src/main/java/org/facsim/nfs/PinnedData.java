/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.facsim.array.PinnedRead;
import org.facsim.protocol.rpc.GatheredBytes;

/** Pinned memory of the array as the data of a reply. */
public final class PinnedData implements GatheredBytes.Source {
  private final PinnedRead read;

  private PinnedData(PinnedRead read) {
    this.read = read;
  }

  /** Takes over the read, which is closed when the returned buffer is released. */
  public static ByteBuf of(PinnedRead read) {
    return new GatheredBytes(new PinnedData(read));
  }

  @Override
  public int pieceCount() {
    return read.pieceCount();
  }

  @Override
  public ByteBuffer memory(int piece) {
    return read.memory(piece);
  }

  @Override
  public int position(int piece) {
    return read.position(piece);
  }

  @Override
  public int lengthBytes(int piece) {
    return read.lengthBytes(piece);
  }

  @Override
  public void release() {
    read.close();
  }
}
