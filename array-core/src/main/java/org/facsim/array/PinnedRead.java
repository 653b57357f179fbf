/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;

/**
 * What {@link VolumeFiles#pin} returns: bytes of a file in the array's own memory, in pieces that
 * follow each other. They do not change until {@link #close}. A pinned read keeps memory from being
 * used again, so close it soon. Any thread may close it, also after the array is closed, and only
 * the first call does anything.
 */
public interface PinnedRead extends AutoCloseable {
  /** How many bytes were read, and the file's attributes. */
  Volume.ReadResult result();

  int pieceCount();

  /** The memory that holds a piece, from {@link #position} on. Callers must not change it. */
  ByteBuffer memory(int piece);

  int position(int piece);

  int lengthBytes(int piece);

  @Override
  void close();
}
