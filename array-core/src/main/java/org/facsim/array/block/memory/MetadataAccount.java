/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

/**
 * What one volume has charged to the {@link MetadataBudget}; all of it is given back with the
 * volume. Guarded by the volume's lock.
 *
 * <p>The budget is told in steps of {@value #STEP_BYTES} bytes, because all volumes share its count
 * and a file that comes and goes is charged four times. So each volume may have taken up to a step
 * more or less than the others see; for itself it counts exactly.
 */
public final class MetadataAccount {
  private static final int STEP_BYTES = 1 << 10;

  private final MetadataBudget budget;
  private long bytes;

  /** What the budget does not know of them yet; negative if it knows of too many. */
  private long untoldBytes;

  private boolean closed;

  MetadataAccount(MetadataBudget budget) {
    this.budget = budget;
  }

  /**
   * Before anything is changed that takes memory.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if so many more bytes do not fit
   */
  public void require(long moreBytes) {
    if (moreBytes > 0) {
      budget.require(moreBytes + untoldBytes);
    }
  }

  /**
   * The same for a removal, for which there is room longer.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE
   */
  public void requireForRemoval(long moreBytes) {
    if (moreBytes > 0) {
      budget.requireForRemoval(moreBytes + untoldBytes);
    }
  }

  /** So many bytes more are taken, or if negative given back. Never fails. */
  public void charge(long moreBytes) {
    if (closed) {
      return;
    }
    bytes += moreBytes;
    untoldBytes += moreBytes;
    if (Math.abs(untoldBytes) >= STEP_BYTES) {
      tell();
    }
  }

  private void tell() {
    budget.add(untoldBytes);
    untoldBytes = 0;
  }

  /** Bytes charged here. */
  public long usedBytes() {
    return bytes;
  }

  /** What the budget has left for all. */
  public long freeBytes() {
    return Math.max(0, budget.freeBytes() - untoldBytes);
  }

  /** All is given back; what is charged later does not count. */
  public void close() {
    charge(-bytes);
    tell();
    closed = true;
  }
}
