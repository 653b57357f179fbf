/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.nio.ByteBuffer;

/**
 * The payload of one volume: slot n is the 4 KiB at byte n * 4096. What was written is there after
 * a crash only if a {@link #force} that began later has returned; until then it may be lost, in
 * parts and in any order.
 *
 * <p>Thread-safe for disjoint slots.
 */
public interface PayloadStore extends AutoCloseable {
  /** Bytes in a slot. */
  int SLOT_BYTES = 4096;

  /**
   * Writes adjacent slots, and consumes {@code source}, which has a multiple of {@link
   * #SLOT_BYTES}.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if the operating system's disk is full,
   *     otherwise IO; what the slots hold is unknown then
   */
  void write(long slot, ByteBuffer source);

  /**
   * Fills {@code target} from a byte of the file on. What was never written reads as zeros.
   *
   * @throws org.facsim.array.ArrayException IO
   */
  void read(long offsetBytes, ByteBuffer target);

  /**
   * Makes all finished writes durable.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE or IO; any of the writes may be lost then
   */
  void force();

  /** The end of the file; 0 if it {@link #isMissing}. */
  long sizeBytes();

  /** What the file is called, for a person. */
  default String name() {
    return "payload";
  }

  /** Whether the file should be there and is not. Then it reads as zeros, and cannot be written. */
  default boolean isMissing() {
    return false;
  }

  @Override
  void close();
}
