/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Memory to log and back: the rows of inodes, entries, snapshots and deltas, what of a volume waits
 * for its cut, the loaders, and the audits that recount what was loaded.
 *
 * <p>May see {@code volume} and all below it, and {@code log}; not {@code log.file}.
 */
package org.facsim.array.stored;
