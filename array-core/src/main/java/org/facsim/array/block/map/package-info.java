/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Reads and changes the radix trees that say which blocks a file has. Start reading at {@code
 * Shadow}, which says what may be written in place.
 *
 * <p>May see {@code block.ledger}, {@code block.payload}, {@code block.table}, {@code block.memory}
 * and the array's errors.
 */
package org.facsim.array.block.map;
