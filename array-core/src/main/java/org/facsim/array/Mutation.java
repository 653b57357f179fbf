/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * What one mutation did to one inode. Both sets of attributes were taken in the same critical
 * section.
 *
 * @param before the attributes before the mutation that NFS's weak cache consistency needs
 * @param after all attributes after the mutation
 * @param transactionGroup the transaction group that makes it durable, for {@link
 *     StorageArray#whenDurable}
 * @param restoreCount how often a named state had been restored before the mutation ({@link
 *     StorageArray#restoreCount})
 */
public record Mutation(
    Before before, FileAttributes after, long transactionGroup, long restoreCount) {
  /**
   * The attributes before a mutation.
   *
   * @param sizeBytes logical size
   * @param modifyTimeNanos since 1970
   * @param changeTimeNanos since 1970
   * @param changeCounter the change counter
   */
  public record Before(
      long sizeBytes, long modifyTimeNanos, long changeTimeNanos, long changeCounter) {}
}
