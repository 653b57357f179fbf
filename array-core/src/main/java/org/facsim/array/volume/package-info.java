/* SPDX-License-Identifier: Apache-2.0 */
/**
 * One volume: its context and lock, and its operations by role.
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>{@link org.facsim.array.volume.OpenVolume} is the volume as the API shows it.
 *   <li>{@link org.facsim.array.volume.VolumeContext} is what the operations share: the inode
 *       table, the block store, the counters, and the checks for room.
 *   <li>Each {@code …Operations} class is one role of the API: files, ranges, names, attributes,
 *       attachments, clones and snapshots. {@code RenameOperation} and {@code TreeClone} are large
 *       enough for classes of their own.
 *   <li>{@code InodeChange} is one mutation of one inode: attributes before, a draft, attributes
 *       after. It tells the deltas what to keep, and the stored side what changed.
 *   <li>{@link org.facsim.array.volume.VolumeLife} says whether the volume is there, and {@link
 *       org.facsim.array.volume.VolumeFigures} is its ledger.
 * </ul>
 *
 * <h2>Rules</h2>
 *
 * <p>Every mutation asks for admission, then takes the lock, checks everything that can fail, and
 * only then changes anything. It happens as a whole, or throws and changes nothing.
 *
 * <h2>Threads</h2>
 *
 * <p>The volume's lock is the block store's. Reads take no lock: they look at size and content
 * sequence before and after, and try again if the contents were truncated or replaced meanwhile.
 *
 * <p>This package may see the array's API, {@code history}, {@code inode}, {@code block} and its
 * parts. It does not see {@code stored}, which hears of changes through an interface.
 */
package org.facsim.array.volume;
