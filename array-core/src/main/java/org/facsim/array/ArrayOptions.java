/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.time.InstantSource;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What an array is made with.
 *
 * @param capacityBytes physical capacity of the whole array
 * @param clock the source of timestamps
 * @param seed from which generations, handle keys and verifiers follow: the same seed gives the
 *     same array
 * @param metadataBytes how many bytes of the heap metadata may fill (inodes, names, snapshots, and
 *     what named states keep), at least 1; empty if the array is to measure the JVM's heap
 */
public record ArrayOptions(
    long capacityBytes, InstantSource clock, long seed, OptionalLong metadataBytes) {
  /** The same, with as much metadata as the JVM's heap has room for. */
  public ArrayOptions(long capacityBytes, InstantSource clock, long seed) {
    this(capacityBytes, clock, seed, OptionalLong.empty());
  }

  public ArrayOptions {
    Objects.requireNonNull(clock);
    Objects.requireNonNull(metadataBytes);
    if (capacityBytes <= 0) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "capacity " + capacityBytes + " bytes, at least 1");
    }
  }
}
