/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The copy-on-write block store: blocks, block maps, reference counts and the space ledger.
 *
 * <p>Start reading at {@link org.facsim.array.block.BlockStore}; then Ledger (who holds what and
 * what it costs), Shadow (what may be written), Epochs (how readers do without a lock).
 *
 * <p>Public only where {@code org.facsim.array} needs it; nothing outside array-core may see this
 * package. May see the JDK and {@code ArrayException}. Knows no names, no directories, no sizes of
 * files: it maps block numbers of a file to blocks, and counts.
 */
package org.facsim.array.block;
