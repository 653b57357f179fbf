/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/**
 * A byte range of a virtual disk that was written in one go.
 *
 * @param offsetBytes where it starts, a multiple of 512
 * @param lengthBytes how long it is, a positive multiple of 512
 * @param generation numbers the writes, from 1, so that a rewrite has other contents
 */
public record WriteRun(long offsetBytes, long lengthBytes, int generation) {
  private static final int SECTOR_BYTES = 512;

  public WriteRun {
    if (offsetBytes < 0
        || lengthBytes <= 0
        || offsetBytes % SECTOR_BYTES != 0
        || lengthBytes % SECTOR_BYTES != 0
        || generation < 1) {
      throw new IllegalArgumentException(
          "run of %d bytes at %d, generation %d".formatted(lengthBytes, offsetBytes, generation));
    }
  }

  public long endBytes() {
    return offsetBytes + lengthBytes;
  }
}
