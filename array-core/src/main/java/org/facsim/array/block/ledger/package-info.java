/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who holds which block, and what it costs: references, charges, exclusive space, reservations and
 * capacity. Start reading at {@link org.facsim.array.block.ledger.Ledger}.
 *
 * <p>{@link org.facsim.array.block.ledger.FileMap} is one file's root and figures, and {@link
 * org.facsim.array.block.ledger.FileTable} has all of them. The ledger alone adds and removes
 * edges, so its figures are exact after every operation. For a file that may hold a block twice,
 * {@link org.facsim.array.block.ledger.TrialDeletion} works out the exclusive blocks. {@link
 * org.facsim.array.block.ledger.DetachedNodes} wait for reclaim. {@link
 * org.facsim.array.block.ledger.Capacity} bounds a volume, and {@link
 * org.facsim.array.block.ledger.SharedCapacity} the array.
 *
 * <p>The volume's lock guards everything except the shared capacity, which is thread-safe. NO_SPACE
 * comes from claims, before anything is changed.
 *
 * <p>This package may see {@code block.payload}, {@code block.table}, {@code block.memory} and the
 * array's errors.
 */
package org.facsim.array.block.ledger;
