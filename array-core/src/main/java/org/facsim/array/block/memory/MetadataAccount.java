/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

/**
 * What one volume has charged to the {@link MetadataBudget}. All of it is given back with the
 * volume. The volume's lock guards it.
 *
 * <p>The budget is told in steps of {@value #STEP_BYTES} bytes, because all volumes share its
 * count, and a file that comes and goes is charged four times. Therefore each volume may have taken
 * up to one step more or less than the others see. For itself, it counts exactly.
 */
public final class MetadataAccount {
  private static final int STEP_BYTES = 1 << 10;

  private final MetadataBudget budget;
  private long bytes;

  /** The bytes that the budget does not know of yet; negative if it knows of too many. */
  private long untoldBytes;

  private boolean closed;

  MetadataAccount(MetadataBudget budget) {
    this.budget = budget;
  }

  /**
   * Checks before anything is changed that takes memory.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE if this many more bytes do not fit
   */
  public void require(long moreBytes) {
    if (moreBytes > 0) {
      budget.require(moreBytes + untoldBytes);
    }
  }

  /**
   * The same for a removal, which still has room when nothing else has.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE
   */
  public void requireForRemoval(long moreBytes) {
    if (moreBytes > 0) {
      budget.requireForRemoval(moreBytes + untoldBytes);
    }
  }

  /** Charges bytes, or gives them back if negative. It never fails. */
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

  /** What the budget has left for all volumes. */
  public long freeBytes() {
    return Math.max(0, budget.freeBytes() - untoldBytes);
  }

  /** Gives everything back. What is charged later does not count. */
  public void close() {
    charge(-bytes);
    tell();
    closed = true;
  }
}
