/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

/**
 * A range of a file, as a guest trims it and a host unmaps it.
 *
 * @param offsetBytes 0 or more
 * @param lengthBytes 1 or more; the end is at most 2^63-1
 */
public record FileRange(long offsetBytes, long lengthBytes) {
  public FileRange {
    if (offsetBytes < 0 || lengthBytes < 1 || offsetBytes > Long.MAX_VALUE - lengthBytes) {
      throw new IllegalArgumentException(
          "range of %d bytes at %d; allowed: 1 byte and more, at 0 and behind"
              .formatted(lengthBytes, offsetBytes));
    }
  }

  /** The first byte behind it. */
  public long endBytes() {
    return offsetBytes + lengthBytes;
  }
}
