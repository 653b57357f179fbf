/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import java.util.List;

/** A VM on a datastore. Not for use by several threads at once. */
public final class VirtualMachine {
  VirtualMachine() {}

  public String name() {
    throw new UnsupportedOperationException("contract");
  }

  public Datastore datastore() {
    throw new UnsupportedOperationException("contract");
  }

  /** Its directory, relative to the datastore. */
  public String directory() {
    throw new UnsupportedOperationException("contract");
  }

  public GuestOperatingSystem guest() {
    throw new UnsupportedOperationException("contract");
  }

  public GuestConfiguration configuration() {
    throw new UnsupportedOperationException("contract");
  }

  public boolean poweredOn() {
    throw new UnsupportedOperationException("contract");
  }

  public List<VirtualDisk> disks() {
    throw new UnsupportedOperationException("contract");
  }

  /** Names of the files in its directory, as the array lists them. */
  public List<String> files() {
    throw new UnsupportedOperationException("contract");
  }

  /** Takes the locks and starts the guest. */
  public void powerOn() {
    throw new UnsupportedOperationException("contract");
  }

  /** Stops the guest and removes the locks. */
  public void powerOff() {
    throw new UnsupportedOperationException("contract");
  }

  /** Changes the guest's set-up, in the .vmx where it shows there; running or not. */
  public void reconfigure(GuestConfiguration configuration) {
    throw new UnsupportedOperationException("contract");
  }

  /** The guest writes the used part of each disk; returns when all of it is committed. */
  public void writeGuestData(TransferProgress progress) {
    throw new UnsupportedOperationException("contract");
  }

  /**
   * The guest writes a range of one disk once more, with a new generation.
   *
   * @param offsetBytes a multiple of 512
   * @param lengthBytes a multiple of 512
   */
  public void overwriteGuestData(int diskIndex, long offsetBytes, long lengthBytes) {
    throw new UnsupportedOperationException("contract");
  }

  /** Takes a snapshot that stays (a leftover, until {@link #removeSnapshots}). */
  public void takeSnapshot(String snapshotName) {
    throw new UnsupportedOperationException("contract");
  }

  /** Consolidates all snapshots into the base disks. */
  public void removeSnapshots() {
    throw new UnsupportedOperationException("contract");
  }
}
