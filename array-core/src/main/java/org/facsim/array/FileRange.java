/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * A range of a file's bytes, as one call names it.
 *
 * @param offsetBytes from the start of the file
 * @param lengthBytes how many; who takes it checks both
 */
public record FileRange(long offsetBytes, long lengthBytes) {
  /** The first byte behind it. */
  public long endBytes() {
    return offsetBytes + lengthBytes;
  }
}
