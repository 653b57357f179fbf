/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Numbered records outside the heap: nodes, block entries, inode rows and names. Start reading at
 * {@link org.facsim.array.block.table.RecordTable}.
 *
 * <p>{@link org.facsim.array.block.table.NodeTable} and {@link
 * org.facsim.array.block.table.BlockTable} are the tables of block maps. {@link
 * org.facsim.array.block.table.InodeRows} has attributes, and {@link
 * org.facsim.array.block.table.NameTable} has names in a {@code TextHeap}. {@link
 * org.facsim.array.block.table.DirtyLines} notes which lines of 32 bytes of a durable table
 * changed.
 *
 * <p>One writer changes a table under the volume's lock. Readers without a lock may look at a
 * record that they found inside an epoch: a record is used again only when no reader can see it.
 * Growing may fail with NO_SPACE, and {@code ensure} makes the next allocations unable to fail.
 *
 * <p>This package may see {@code block.memory}, {@code log} and the array's errors.
 */
package org.facsim.array.block.table;
