/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.time.InstantSource;
import java.util.Objects;

/**
 * What an array is built from.
 *
 * @param capacityBytes physical capacity of the whole array
 * @param clock the source of timestamps
 * @param seed of generations, handle keys and verifiers: the same seed gives the same array
 */
public record ArrayOptions(long capacityBytes, InstantSource clock, long seed) {
  public ArrayOptions {
    Objects.requireNonNull(clock);
    if (capacityBytes <= 0) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "capacity " + capacityBytes + " bytes, at least 1");
    }
  }
}
