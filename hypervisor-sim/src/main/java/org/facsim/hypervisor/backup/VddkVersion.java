/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.backup;

/**
 * The releases of VMware's Virtual Disk Development Kit that a backup program may be built with.
 */
public enum VddkVersion {
  /** Cannot open the second redo log of a disk that a hardware snapshot provider quiesced. */
  V1_1("1.1", false),
  /** Opens it. */
  V1_2("1.2", true);

  private final String number;
  private final boolean opensSecondRedoLog;

  VddkVersion(String number, boolean opensSecondRedoLog) {
    this.number = number;
    this.opensSecondRedoLog = opensSecondRedoLog;
  }

  /** Whether it reads the quiesced state of Windows 2008. */
  public boolean opensSecondRedoLog() {
    return opensSecondRedoLog;
  }

  @Override
  public String toString() {
    return number;
  }
}
