/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import com.google.common.base.Splitter;
import java.util.List;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Snapshot;
import org.facsim.array.Volume;

/** Snapshots of files and of directories with all that is below them. */
public final class SnapshotControl {
  private static final Splitter PATH = Splitter.on('/').omitEmptyStrings();

  private final ArrayEvents events;

  SnapshotControl(ArrayEvents events) {
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
    Inode source = volume.root();
    for (String each : PATH.split(path)) {
      source = volume.names().lookup(Caller.ROOT, source, Name.of(each));
    }
    Snapshot snapshot = volume.snapshots().create(Caller.ROOT, source, name);
    events.add(new ArrayChange.SnapshotCreated(volume.name(), name));
    return snapshot;
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
