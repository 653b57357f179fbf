/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Who holds what, and what it costs: the edges between files, nodes and blocks, charges, exclusive
 * blocks, reservations and capacity. Start reading at {@code Ledger}.
 *
 * <p>May see {@code block.payload}, {@code block.table}, {@code block.memory} and the array's
 * errors.
 */
package org.facsim.array.block.ledger;
