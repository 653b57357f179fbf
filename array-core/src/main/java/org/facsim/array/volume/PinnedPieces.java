/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.nio.ByteBuffer;
import org.facsim.array.PinnedRead;
import org.facsim.array.Volume;
import org.facsim.array.block.payload.PinnedBytes;

/** Payload of a file, pinned where it lies. */
final class PinnedPieces implements PinnedRead {
  private final PinnedBytes bytes;
  private final Volume.ReadResult result;

  public PinnedPieces(PinnedBytes bytes, Volume.ReadResult result) {
    this.bytes = bytes;
    this.result = result;
  }

  @Override
  public Volume.ReadResult result() {
    return result;
  }

  @Override
  public int pieceCount() {
    return bytes.pieceCount();
  }

  @Override
  public ByteBuffer memory(int piece) {
    return bytes.memory(piece);
  }

  @Override
  public int position(int piece) {
    return bytes.position(piece);
  }

  @Override
  public int lengthBytes(int piece) {
    return bytes.lengthBytes(piece);
  }

  @Override
  public void close() {
    bytes.close();
  }
}
