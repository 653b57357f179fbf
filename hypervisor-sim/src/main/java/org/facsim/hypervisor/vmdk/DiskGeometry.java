/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

/**
 * Cylinders, heads and sectors as a SCSI disk of that size reports them.
 *
 * @param cylinders at least 1
 * @param heads 64, 128 or 255
 * @param sectors 32 or 63
 */
record DiskGeometry(long cylinders, int heads, int sectors) {
  private static final long ONE_GIB_SECTORS = 1L << 21;

  static DiskGeometry of(long diskSectors) {
    if (diskSectors <= ONE_GIB_SECTORS) {
      return ofTrack(diskSectors, 64, 32);
    }
    return diskSectors <= 2 * ONE_GIB_SECTORS
        ? ofTrack(diskSectors, 128, 32)
        : ofTrack(diskSectors, 255, 63);
  }

  private static DiskGeometry ofTrack(long diskSectors, int heads, int sectors) {
    return new DiskGeometry(Math.max(1, diskSectors / ((long) heads * sectors)), heads, sectors);
  }
}
