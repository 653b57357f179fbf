/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

/**
 * A virtual disk to be made: thin, and written in part.
 *
 * @param provisionedBytes what the guest sees; a positive multiple of 512
 * @param usedBytes what the guest writes; a multiple of 512, at most {@code provisionedBytes}
 */
public record DiskSpec(long provisionedBytes, long usedBytes) {
  /** The unit of a virtual disk. */
  public static final int SECTOR_BYTES = 512;

  /** The largest disk of VMFS-style descriptors with 32-bit redo logs, 2 TiB - 512 B. */
  public static final long MAX_PROVISIONED_BYTES = (1L << 41) - SECTOR_BYTES;

  public DiskSpec {
    if (provisionedBytes <= 0
        || provisionedBytes > MAX_PROVISIONED_BYTES
        || provisionedBytes % SECTOR_BYTES != 0) {
      throw new IllegalArgumentException("provisioned: " + provisionedBytes + " bytes");
    }
    if (usedBytes < 0 || usedBytes > provisionedBytes || usedBytes % SECTOR_BYTES != 0) {
      throw new IllegalArgumentException("used: " + usedBytes + " bytes of " + provisionedBytes);
    }
  }
}
