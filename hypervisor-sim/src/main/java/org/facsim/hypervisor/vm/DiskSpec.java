/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.Objects;

/**
 * A virtual disk to be made, and written in part.
 *
 * @param provisionedBytes what the guest sees; a positive multiple of 512
 * @param usedBytes what the guest writes; a multiple of 512, at most {@code provisionedBytes}
 * @param format the format to ask for; the disk is thin if the array cannot provide it
 */
public record DiskSpec(long provisionedBytes, long usedBytes, DiskFormat format) {
  /** The unit of a virtual disk. */
  public static final int SECTOR_BYTES = 512;

  /** The largest disk of a host, 62 TiB. */
  public static final long MAX_PROVISIONED_BYTES = 62L << 40;

  /** The largest disk that redo logs with 32-bit places describe, 2 TiB - 512 B. */
  public static final long MAX_VMFS_SPARSE_BYTES = (1L << 41) - SECTOR_BYTES;

  /** A thin disk. */
  public DiskSpec(long provisionedBytes, long usedBytes) {
    this(provisionedBytes, usedBytes, DiskFormat.THIN);
  }

  public DiskSpec {
    Objects.requireNonNull(format);
    if (provisionedBytes <= 0
        || provisionedBytes > MAX_PROVISIONED_BYTES
        || provisionedBytes % SECTOR_BYTES != 0) {
      throw new IllegalArgumentException(
          "provisioned: %d bytes; allowed: multiples of 512 from 512 to %d (62 TiB)"
              .formatted(provisionedBytes, MAX_PROVISIONED_BYTES));
    }
    if (usedBytes < 0 || usedBytes > provisionedBytes || usedBytes % SECTOR_BYTES != 0) {
      throw new IllegalArgumentException("used: " + usedBytes + " bytes of " + provisionedBytes);
    }
  }
}
