/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

/** Reads one extent of a foreign disk. Only one thread at a time may use it. */
interface ExtentReader {
  int SECTOR_BYTES = 512;

  /** What a run of sectors is. */
  enum Kind {
    /** In the extent, to be read. */
    DATA,
    /** Zeros. */
    ZEROS,
    /** Whatever the parent has; zeros without a parent. */
    ABSENT
  }

  /**
   * Sectors of one kind.
   *
   * @param sectors at least 1
   */
  record Run(Kind kind, long sectors) {}

  /**
   * The run that starts at a sector of the extent.
   *
   * @param maxSectors at least 1, within the extent
   */
  Run run(long sector, long maxSectors);

  /** Reads sectors that are a run of data, or a part of one. */
  void read(long sector, int sectors, byte[] target, int index);
}
