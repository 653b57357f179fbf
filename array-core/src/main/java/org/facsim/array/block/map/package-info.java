/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reads and changes the radix trees that say which blocks a file has. Start reading at {@link
 * org.facsim.array.block.map.Shadow}, which says what may be written in place.
 *
 * <p>{@link org.facsim.array.block.map.MapReader} walks a tree without a lock, inside an epoch.
 * {@link org.facsim.array.block.map.MapWriter} changes it under the volume's lock: it makes the
 * path to a leaf private, and then stores pointers. {@link
 * org.facsim.array.block.map.PreparedWrite} has the bytes of a write, copied before the lock is
 * taken. {@link org.facsim.array.block.map.RangeClone} shares a range by building the new tree
 * aside.
 *
 * <p>Whatever can fail (capacity, direct memory, the disk) is claimed before the first change. A
 * reader sees each block as it was before or after a write.
 *
 * <p>This package may see {@code block.ledger}, {@code block.payload}, {@code block.table}, {@code
 * block.memory} and the array's errors.
 */
package org.facsim.array.block.map;
