/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a volume consists of beside blocks: inodes with their attributes and attachments,
 * directories with their entries, and what all of it takes of the heap.
 *
 * <p>May see the array's API, {@code block} and its parts; not what keeps it, operates on it or
 * stores it ({@code history}, {@code volume}, {@code stored}).
 */
package org.facsim.array.inode;
