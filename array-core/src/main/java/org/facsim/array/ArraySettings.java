/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.Optional;

/**
 * What the doors keep with the array: named rows of bytes, of the array itself or of a volume. Of
 * what they mean the array knows nothing.
 *
 * <p>A change is durable when the call returns. A volume's rows go with it. Named states have them:
 * a restore brings back what was set when the state was saved. They are for what an admin says now
 * and then, not for what calls do: each change is a transaction group of its own. Thread-safe.
 */
public interface ArraySettings {
  /** The longest value. */
  int MAX_VALUE_BYTES = 64 << 10;

  /** The most rows of a volume, and of the array itself. */
  int MAX_PER_OWNER = 64;

  /** The most bytes of all rows, those that only named states have included. */
  long MAX_TOTAL_BYTES = 64L << 20;

  /** A row of the array. */
  Optional<byte[]> get(String name);

  /** A row of a volume; a deleted one has none. */
  Optional<byte[]> get(Volume volume, String name);

  /**
   * Sets a row of the array.
   *
   * @param name as a volume's
   * @param value at most {@link #MAX_VALUE_BYTES}
   * @throws ArrayException INVALID_ARGUMENT, NO_SPACE (see the bounds above); on a durable array
   *     also NO_SPACE or IO if the operating system's disk did not take it; then it is as it was
   */
  void put(String name, byte[] value);

  /**
   * Sets a row of a volume.
   *
   * @throws ArrayException as {@link #put(String, byte[])}, and STALE if the volume is deleted
   */
  void put(Volume volume, String name, byte[] value);

  /**
   * Removes a row of the array, if it is there.
   *
   * @throws ArrayException as {@link #put(String, byte[])}
   */
  void remove(String name);

  /**
   * Removes a row of a volume, if it is there.
   *
   * @throws ArrayException as {@link #put(Volume, String, byte[])}
   */
  void remove(Volume volume, String name);
}
