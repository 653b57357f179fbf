/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;

/**
 * Room in an array's memory for the bytes of one large write that have not arrived yet. Whoever
 * receives them puts them here, and {@link VolumeFiles#write(Caller, Inode, long, WriteRoom)} makes
 * the room a part of the file without a copy. It belongs to no volume until then, and to no file.
 *
 * <p>Until it is written or closed, it takes memory that the array's files cannot use.
 */
public interface WriteRoom extends AutoCloseable {
  /** No array has room for less: shorter writes are copied. */
  int MIN_BYTES = 64 << 10;

  /** How much it takes: whole blocks. */
  int lengthBytes();

  /**
   * The memory, as a direct buffer of its own from 0 to {@link #lengthBytes}, which holds arbitrary
   * bytes at first. Nobody may use it after the room was written or closed.
   */
  ByteBuffer memory();

  /** Whether neither a write nor {@link #close} has taken it; then its bytes are still there. */
  boolean isOpen();

  /** Gives back what no write has taken. Only the first call does anything; any thread. */
  @Override
  void close();
}
