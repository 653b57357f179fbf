/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.Optional;

/**
 * What the services keep with the array: named rows of bytes that belong to the array or to a
 * volume. The array does not know what they mean.
 *
 * <p>A change is durable when the call returns. When a volume is deleted, its rows go with it. Rows
 * are part of named states: a restore brings back the rows of the moment at which the state was
 * saved. Rows are for what an administrator changes now and then and not for what calls change,
 * because each change is a transaction group of its own. Thread-safe.
 */
public interface ArraySettings {
  /** The longest value. */
  int MAX_VALUE_BYTES = 64 << 10;

  /** The most rows of a volume, and of the array itself. */
  int MAX_PER_OWNER = 64;

  /** The most bytes of all rows, including those that only named states have. */
  long MAX_TOTAL_BYTES = 64L << 20;

  /** Returns a row of the array. */
  Optional<byte[]> get(String name);

  /** Returns a row of a volume. A deleted volume has no rows. */
  Optional<byte[]> get(Volume volume, String name);

  /**
   * Sets a row of the array.
   *
   * @param name has the form of a volume's name
   * @param value at most {@link #MAX_VALUE_BYTES}
   * @throws ArrayException INVALID_ARGUMENT, NO_SPACE (see the bounds above); on a durable array
   *     also NO_SPACE or IO if the row cannot be made durable; then the row is as it was before
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
