/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;

/**
 * What {@link VolumeFiles#pin} returns: bytes of a file in the array's own memory, in pieces one
 * after the other, unchanged until {@link #close}. Whoever holds one holds the memory, so it is to
 * be closed soon, once, by any thread, and even after the array.
 */
public interface PinnedRead extends AutoCloseable {
  /** How much it is, and the file's attributes. */
  Volume.ReadResult result();

  int pieceCount();

  /** The memory that holds a piece; to be looked at from {@link #position} on, never changed. */
  ByteBuffer memory(int piece);

  int position(int piece);

  int lengthBytes(int piece);

  @Override
  void close();
}
