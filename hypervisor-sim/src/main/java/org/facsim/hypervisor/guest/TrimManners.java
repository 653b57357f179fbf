/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

/**
 * Whether a guest sends TRIM. It asks a disk what it can do when it starts. If a TRIM is refused,
 * it sends no more to that disk until it starts again, with new manners. Only one thread at a time
 * may use it.
 */
public final class TrimManners {
  private final boolean[] refused;

  /** A guest that has just started. */
  public TrimManners(int diskCount) {
    this.refused = new boolean[diskCount];
  }

  /** Whether the guest would send a TRIM to the disk. */
  public boolean asks(int diskIndex) {
    return !refused[diskIndex];
  }

  /** The disk refused a TRIM. */
  public void refused(int diskIndex) {
    refused[diskIndex] = true;
  }
}
