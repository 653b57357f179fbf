/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The copy-on-write block store of a volume, put together of its parts: {@code block.map}, {@code
 * block.ledger}, {@code block.payload}, {@code block.table} and {@code block.memory}, each of which
 * sees those after it.
 *
 * <p>Start reading at {@link org.facsim.array.block.BlockStore}; then Ledger (who holds what and
 * what it costs), Shadow (what may be written), Epochs (how readers do without a lock).
 *
 * <p>May see its parts, {@code log}, the array's errors and the JDK; none of its parts sees it.
 * Knows no names, no directories, no sizes of files: it maps block numbers of a file to blocks, and
 * counts. Nothing outside array-core may see these packages, but for benchmarks.
 */
package org.facsim.array.block;
