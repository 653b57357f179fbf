/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.List;
import java.util.Optional;

/** The snapshots of one volume. Thread-safe; each mutation is one critical section. */
public interface VolumeSnapshots {
  /**
   * Takes a snapshot of a regular file, or of a directory with everything below it (a VM), all at
   * one moment and without using a block. {@link Snapshot#root} leads to it, and clients find it as
   * {@code .snapshot/NAME} in the volume's root.
   *
   * @param name 1 to {@link Name#MAX_BYTES} bytes, unique in the volume
   * @throws ArrayException EXISTS, NOT_PERMITTED (the caller does not own the source), WRONG_TYPE,
   *     READ_ONLY (the source is in a snapshot), INVALID_ARGUMENT (name; more than {@link
   *     Volume#MAX_TREE_INODES}), NAME_TOO_LONG, NO_SPACE (inodes; {@link Volume#MAX_SNAPSHOTS}),
   *     STALE
   */
  Snapshot create(Caller caller, Inode source, String name);

  /** All snapshots in the order in which they were taken, including automatic ones. */
  List<Snapshot> all();

  /** The snapshot from which the array made a clone, as long as both are there. */
  Optional<Snapshot> originOf(Inode clone);

  /**
   * Makes a new file or tree that shares the blocks of a snapshot, as {@link
   * VolumeClones#cloneTree} does. It counts as a clone of the snapshot.
   *
   * @throws ArrayException as {@link VolumeClones#cloneTree}; STALE if the snapshot is deleted
   */
  Volume.Created restore(Caller caller, Snapshot snapshot, Inode parentDirectory, Name newName);

  /**
   * Deletes a snapshot. Its handles are stale from then on.
   *
   * @throws ArrayException BUSY (it has clones), NOT_PERMITTED (the caller does not own it), STALE
   */
  void delete(Caller caller, Snapshot snapshot);
}
