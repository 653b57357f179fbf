/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

/**
 * What one volume has charged to the {@link MetadataBudget}; all of it is given back with the
 * volume. Guarded by the volume's lock.
 */
public final class MetadataAccount {
  private final MetadataBudget budget;
  private long bytes;
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
    budget.require(moreBytes);
  }

  /**
   * The same for a removal, for which there is room longer.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE
   */
  public void requireForRemoval(long moreBytes) {
    budget.requireForRemoval(moreBytes);
  }

  /** So many bytes more are taken, or if negative given back. Never fails. */
  public void charge(long moreBytes) {
    if (!closed) {
      bytes += moreBytes;
      budget.add(moreBytes);
    }
  }

  /** Bytes charged here. */
  public long usedBytes() {
    return bytes;
  }

  /** What the budget has left for all. */
  public long freeBytes() {
    return budget.freeBytes();
  }

  /** All is given back; what is charged later does not count. */
  public void close() {
    charge(-bytes);
    closed = true;
  }
}
