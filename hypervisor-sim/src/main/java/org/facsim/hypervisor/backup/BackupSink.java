/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.backup;

/** Where a backup goes. */
@FunctionalInterface
public interface BackupSink {
  /** Throws everything away. */
  BackupSink NONE = (diskIndex, offsetBytes, data) -> {};

  /**
   * Takes a stretch of a disk; the stretches come in the order of the disk.
   *
   * @param diskIndex counts from 0
   * @param data belongs to the receiver
   */
  void accept(int diskIndex, long offsetBytes, byte[] data);
}
