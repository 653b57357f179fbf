/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import org.facsim.protocol.nfs4.Nfs4;

/** What a host can take, over whichever version of NFS. */
final class FileLimits {
  /** The longest handle that ESXi stores. */
  private static final int MAX_HANDLE_BYTES = 56;

  /** Disks are read and written in whole sectors. */
  private static final int SECTOR_BYTES = 512;

  private FileLimits() {}

  /**
   * The most bytes of a READ or WRITE: whole sectors, at least one.
   *
   * @param serverLimitBytes unsigned
   */
  static int transferBytes(long serverLimitBytes) {
    long limit =
        serverLimitBytes < 0
            ? Nfs4.MAX_TRANSFER_BYTES
            : Math.min(serverLimitBytes, Nfs4.MAX_TRANSFER_BYTES);
    return (int) Math.max(SECTOR_BYTES, limit / SECTOR_BYTES * SECTOR_BYTES);
  }

  /**
   * Refuses a handle that is longer than a host can keep.
   *
   * @throws DatastoreException FILE_ERROR
   */
  static void requireStorable(int handleBytes) {
    if (handleBytes > MAX_HANDLE_BYTES) {
      throw new DatastoreException(
          DatastoreError.FILE_ERROR,
          "file handle of %d bytes, a host keeps %d".formatted(handleBytes, MAX_HANDLE_BYTES));
    }
  }
}
