/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;

/**
 * A file of the operating system. What was written is there after a crash only if a {@link #force}
 * that began later has returned; until then it may be lost, in parts and in any order.
 *
 * <p>Thread-safe for disjoint places. Errors are ArrayExceptions: NO_SPACE or IO.
 */
interface MetadataFile extends AutoCloseable {
  /** Writes all that remains in {@code source}, and consumes it. */
  void write(long offsetBytes, ByteBuffer source);

  /** Reads until {@code target} is full or the file ends. */
  void read(long offsetBytes, ByteBuffer target);

  /** Makes all finished writes durable, and the size. */
  void force();

  long sizeBytes();

  /**
   * Keeps other processes from locking the file until it is closed. Does nothing if there can be no
   * other process.
   *
   * @throws org.facsim.array.ArrayException BUSY if one has locked it
   */
  default void lock() {}

  @Override
  void close();
}
