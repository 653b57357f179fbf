/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Memory that the store lives on: direct memory in slabs, epochs of readers, and the budget of the
 * heap.
 *
 * <p>{@link org.facsim.array.block.memory.DirectMemory} allocates slabs within {@link
 * org.facsim.array.block.memory.SlabBudget}, which leaves a reserve for the rest of the process.
 * {@link org.facsim.array.block.memory.Epochs} says when nobody can see any more what was unlinked.
 * {@link org.facsim.array.block.memory.MetadataBudget} bounds what clients may fill the heap with,
 * and each volume has a {@link org.facsim.array.block.memory.MetadataAccount}.
 *
 * <p>Everything is thread-safe, except an account, which its volume's lock guards. When memory is
 * at its end, the answer is NO_SPACE, long before the JVM fails.
 *
 * <p>This package may see the JDK, slf4j and the array's errors.
 */
package org.facsim.array.block.memory;
