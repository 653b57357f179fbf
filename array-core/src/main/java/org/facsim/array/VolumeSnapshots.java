/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.List;
import java.util.Optional;

/** The snapshots of one volume. Thread-safe; each mutation is one critical section. */
public interface VolumeSnapshots {
  /**
   * Takes a snapshot of a regular file, or of a directory with everything below it (a VM): one
   * moment for all of it, no block used. Read it under {@link Snapshot#root}; clients find it as
   * {@code .snapshot/NAME} in the volume's root.
   *
   * @param name 1 to {@link Name#MAX_BYTES} bytes, unique in the volume
   * @throws ArrayException EXISTS, NOT_PERMITTED (only the source's owner may), WRONG_TYPE,
   *     READ_ONLY (of a snapshot), INVALID_ARGUMENT (name; more than {@link
   *     Volume#MAX_TREE_INODES}), NAME_TOO_LONG, NO_SPACE (inodes; {@link Volume#MAX_SNAPSHOTS}),
   *     STALE
   */
  Snapshot create(Caller caller, Inode source, String name);

  /** All snapshots in the order of their making, automatic ones included. */
  List<Snapshot> all();

  /** The snapshot that a clone of the array was made from, while both are there. */
  Optional<Snapshot> originOf(Inode clone);

  /**
   * Makes a new file or tree from a snapshot, sharing its blocks, as {@link VolumeClones#cloneTree}
   * does. The snapshot counts it among its clones.
   *
   * @throws ArrayException as {@link VolumeClones#cloneTree}; STALE if the snapshot is deleted
   */
  Volume.Created restore(Caller caller, Snapshot snapshot, Inode parentDirectory, Name newName);

  /**
   * Deletes a snapshot; its handles are stale from here on.
   *
   * @throws ArrayException BUSY (it has clones), NOT_PERMITTED (only its owner may), STALE
   */
  void delete(Caller caller, Snapshot snapshot);
}
