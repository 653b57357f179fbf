/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * What one mutation did to one inode; before and after are taken inside the same critical section.
 *
 * @param before what NFS weak cache consistency needs of the state before
 * @param after all attributes after
 * @param transactionGroup the transaction group that makes it durable, for {@link
 *     StorageArray#whenDurable}
 * @param restoreCount how often a named state had been restored before it: {@link
 *     StorageArray#restoreCount}
 */
public record Mutation(
    Before before, FileAttributes after, long transactionGroup, long restoreCount) {
  /**
   * The state before a mutation.
   *
   * @param sizeBytes logical size
   * @param modifyTimeNanos since the epoch
   * @param changeTimeNanos since the epoch
   * @param changeCounter the change counter
   */
  public record Before(
      long sizeBytes, long modifyTimeNanos, long changeTimeNanos, long changeCounter) {}
}
