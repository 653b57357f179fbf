/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The way from memory to the log and back: the rows of inodes, entries, snapshots and deltas, what
 * of a volume waits for its cut, the loaders, and the audits that recount what was loaded.
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>Each {@code …Row} encodes and decodes one kind of row, little-endian. A row that cannot be
 *       decoded is damage (IO).
 *   <li>{@link org.facsim.array.stored.VolumeChanges} notes what changed in a volume, and puts it
 *       into the batch of a transaction group. {@link org.facsim.array.stored.DeltaChanges} does
 *       the same for deltas.
 *   <li>{@link org.facsim.array.stored.VolumeLoader} loads a volume's names, after its block maps:
 *       inodes, then entries, then what is kept for named states.
 *   <li>{@link org.facsim.array.stored.VolumeAudit} recounts a volume from its names.
 * </ul>
 *
 * <h2>Rules</h2>
 *
 * <p>A cut forgets a change only when the change is in the batch as a whole, so it may fail and be
 * repeated. Loading never repairs by a guess: what does not fit together is damage, and the error
 * names it. The layouts are part of the format of the data directory.
 *
 * <p>The volume's lock guards everything here. A cut takes it for one volume at a time.
 *
 * <p>This package may see {@code volume} and everything below it, and {@code log}, but not {@code
 * log.file}.
 */
package org.facsim.array.stored;
