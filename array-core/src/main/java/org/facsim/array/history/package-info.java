/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What was before: the snapshots of a volume, the deltas that a volume keeps for named states, and
 * the tree of these states. Start reading at {@link org.facsim.array.history.Delta}.
 *
 * <h2>The main types</h2>
 *
 * <ul>
 *   <li>{@link org.facsim.array.history.StateTree} is the tree of named states. The live array
 *       hangs on one of them.
 *   <li>{@link org.facsim.array.history.Delta} is what differs in one volume between two neighbours
 *       of the tree, and {@link org.facsim.array.history.InodeDifference} one inode's part of it.
 *   <li>{@link org.facsim.array.history.VolumeDeltas} has the deltas of a volume, and the hooks
 *       that keep what a mutation is about to change.
 *   <li>{@code DeltaSwap} moves the live volume over a delta, {@link
 *       org.facsim.array.history.DeltaMerge} joins two deltas, and {@link
 *       org.facsim.array.history.DeltaTrim} releases what only deleted states have. {@code
 *       DoomedDeltas} are released in the background.
 *   <li>{@link org.facsim.array.history.SnapshotTable} has the snapshots of a volume.
 * </ul>
 *
 * <h2>Rules</h2>
 *
 * <p>Whatever contents a delta keeps are those of a state with a name. Each inode that only states
 * have is in exactly one delta. The cost of a step depends on what differs, and never on what the
 * volume holds.
 *
 * <p>The volume's lock guards the deltas. The tree changes only under all volumes' locks.
 *
 * <p>This package may see the array's API, {@code inode}, {@code block} and its parts, but not
 * {@code volume}.
 */
package org.facsim.array.history;
