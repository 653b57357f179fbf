/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/** One I/O of a guest to one of its disks. Offsets and lengths are multiples of 512 bytes. */
public sealed interface GuestIo {
  /** Counts from 0. */
  int diskIndex();

  long offsetBytes();

  /** More than 0. */
  long lengthBytes();

  /** The guest writes a range. */
  record Write(int diskIndex, long offsetBytes, long lengthBytes) implements GuestIo {}

  /**
   * The guest says that it does not need a range any more (TRIM, SCSI UNMAP). It reads zeros there
   * afterwards if the disk takes the request.
   */
  record Trim(int diskIndex, long offsetBytes, long lengthBytes) implements GuestIo {}
}
