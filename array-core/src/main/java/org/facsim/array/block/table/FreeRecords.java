/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.table;

/**
 * Which free record of a table is used next, where that matters. The table counts them, and asks
 * for one only if there is one.
 *
 * <p>Not thread-safe; guarded like its table.
 */
public interface FreeRecords {
  /** There are records up to a number now, and the new ones are free. Record 0 never is. */
  void grow(int endId);

  /** Takes one. */
  int take();

  /** Gives one back. */
  void give(int id);
}
