/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.map;

/** Is told the ranges of a map in their order. */
@FunctionalInterface
public interface HoldersVisitor {
  /**
   * Takes the next range. Two ranges in a row may say the same.
   *
   * @param offsetBytes a multiple of the size of a block, as {@code lengthBytes} is
   * @return whether to go on
   */
  boolean visit(long offsetBytes, long lengthBytes, Holders holders);
}
