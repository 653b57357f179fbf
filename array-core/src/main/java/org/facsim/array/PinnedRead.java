/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;
import org.facsim.array.block.payload.PinnedBytes;

/**
 * What {@link Volume#pin} returns: bytes of a file in the array's own memory, in pieces one after
 * the other, unchanged until {@link #close}. Whoever holds one holds the memory, so it is to be
 * closed soon, once, by any thread, and even after the array.
 */
public final class PinnedRead implements AutoCloseable {
  private final PinnedBytes bytes;
  private final Volume.ReadResult result;

  public PinnedRead(PinnedBytes bytes, Volume.ReadResult result) {
    this.bytes = bytes;
    this.result = result;
  }

  /** How much it is, and the file's attributes. */
  public Volume.ReadResult result() {
    return result;
  }

  public int pieceCount() {
    return bytes.pieceCount();
  }

  /** The memory that holds a piece; to be looked at from {@link #position} on, never changed. */
  public ByteBuffer memory(int piece) {
    return bytes.memory(piece);
  }

  public int position(int piece) {
    return bytes.position(piece);
  }

  public int lengthBytes(int piece) {
    return bytes.lengthBytes(piece);
  }

  @Override
  public void close() {
    bytes.close();
  }
}
