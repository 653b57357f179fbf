/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Numbered records in direct memory, and what is kept in them: nodes and block entries, inodes'
 * attributes and names. A record is changed here and nowhere else, which is how a durable volume
 * knows what to cut.
 *
 * <p>May see {@code block.memory}, {@code log} (a table writes its changed lines into a batch) and
 * the array's errors. Knows no files.
 */
package org.facsim.array.block.table;
