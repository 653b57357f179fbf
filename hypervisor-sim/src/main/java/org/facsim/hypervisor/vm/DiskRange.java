/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

/**
 * A stretch of a virtual disk.
 *
 * @param offsetBytes where it starts, a multiple of 512
 * @param lengthBytes how long it is, a positive multiple of 512
 */
public record DiskRange(long offsetBytes, long lengthBytes) {
  public DiskRange {
    if (offsetBytes < 0
        || lengthBytes <= 0
        || offsetBytes > Long.MAX_VALUE - lengthBytes
        || (offsetBytes | lengthBytes) % DiskSpec.SECTOR_BYTES != 0) {
      throw new IllegalArgumentException(
          "range of %d bytes at %d; allowed: multiples of 512 on the disk"
              .formatted(lengthBytes, offsetBytes));
    }
  }

  public long endBytes() {
    return offsetBytes + lengthBytes;
  }
}
