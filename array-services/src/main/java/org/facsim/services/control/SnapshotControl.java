/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Snapshot;
import org.facsim.array.Volume;
import org.facsim.services.state.Delegations;

/** Snapshots of files and of directories with all that is below them. */
public final class SnapshotControl {
  private final FileControl files;
  private final ArrayEvents events;
  private final Delegations delegations;

  /**
   * @param delegations what is recalled before files are reverted
   */
  SnapshotControl(FileControl files, ArrayEvents events, Delegations delegations) {
    this.delegations = delegations;
    this.files = files;
    this.events = events;
  }

  /**
   * The snapshots of a volume in the order in which they were made, including those that the array
   * took itself.
   */
  public List<Snapshot> of(Volume volume) {
    return volume.snapshots().all();
  }

  public Optional<Snapshot> find(Volume volume, String name) {
    return of(volume).stream().filter(snapshot -> snapshot.name().equals(name)).findFirst();
  }

  /**
   * Takes a snapshot.
   *
   * @param path of a file or directory below the volume's root, {@code vm1/vm1-flat.vmdk}; empty
   *     for the root
   * @param name unique in the volume
   * @throws org.facsim.array.ArrayException NOT_FOUND, NOT_DIRECTORY (path); and what {@link
   *     org.facsim.array.VolumeSnapshots#create} throws
   */
  public Snapshot create(Volume volume, String path, String name) {
    Inode source = files.find(volume, path);
    Snapshot snapshot = volume.snapshots().create(Caller.ROOT, source, name);
    files.awaitDurable(volume);
    events.add(new ArrayChange.SnapshotCreated(volume.name(), name));
    return snapshot;
  }

  /**
   * Makes a new file or directory of a snapshot, which shares its blocks.
   *
   * @param path what it is to become; directories above it are made
   * @throws org.facsim.array.ArrayException EXISTS; STALE (the snapshot is deleted); as {@link
   *     org.facsim.array.VolumeSnapshots#restore}
   */
  public void restore(Volume volume, Snapshot snapshot, String path) {
    Inode parent = files.parent(volume, path);
    Name name = FileControl.lastName(path);
    var unused = volume.snapshots().restore(Caller.ROOT, snapshot, parent, name);
    files.awaitDurable(volume);
    events.add(new ArrayChange.SnapshotRestored(volume.name(), snapshot.name(), path));
  }

  /**
   * Makes what a snapshot was taken of what it was then, in place: its files keep their handles,
   * and what was added since is removed. Waits a bounded time for clients to give back what they
   * hold.
   *
   * @return its path; empty for the volume's root
   * @throws org.facsim.array.ArrayException NOT_FOUND (it is gone), WRONG_TYPE (something in it is
   *     of another kind now), INVALID_ARGUMENT (more than {@value SnapshotRevert#MAX_ENTRIES}
   *     entries), NO_SPACE, STALE; nothing has changed then
   */
  public String revert(Volume volume, Snapshot snapshot) {
    String path = new SnapshotRevert(volume, snapshot).run(delegations);
    files.awaitDurable(volume);
    events.add(new ArrayChange.SnapshotRestored(volume.name(), snapshot.name(), path));
    return path;
  }

  /**
   * Deletes a snapshot.
   *
   * @throws org.facsim.array.ArrayException BUSY (it has clones), STALE
   */
  public void delete(Volume volume, Snapshot snapshot) {
    volume.snapshots().delete(Caller.ROOT, snapshot);
    events.add(new ArrayChange.SnapshotDeleted(volume.name(), snapshot.name()));
  }
}
