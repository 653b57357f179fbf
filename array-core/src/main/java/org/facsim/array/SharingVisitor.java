/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** Is told the ranges of a file in their order; see {@link SpaceLedger#visitSharing}. */
@FunctionalInterface
public interface SharingVisitor {
  /**
   * Takes the next range. Two ranges in a row may say the same.
   *
   * @param offsetBytes a multiple of {@link Volume#BLOCK_BYTES}
   * @param lengthBytes likewise; the last range may end beyond the file
   * @return whether to go on
   */
  boolean visit(long offsetBytes, long lengthBytes, Sharing sharing);
}
