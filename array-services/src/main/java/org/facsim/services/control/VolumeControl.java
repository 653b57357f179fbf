/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import java.util.Optional;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;

/** Volumes, as an administrator makes and changes them. */
public final class VolumeControl {
  private final StorageArray storage;
  private final VolumeSettings settings;

  VolumeControl(StorageArray storage, VolumeSettings settings) {
    this.storage = storage;
    this.settings = settings;
  }

  /** All volumes in the order in which they were made. */
  public List<Volume> all() {
    return storage.volumes();
  }

  /** The volume of a name. */
  public Optional<Volume> find(String name) {
    return storage.volume(name);
  }

  /**
   * Makes a volume with its export rules and profile. The volume is exported when the call returns.
   * After a crash, it exists with both or not at all.
   *
   * @throws org.facsim.array.ArrayException EXISTS, NO_SPACE, IO, as {@link
   *     StorageArray#createVolume(String, long)}; INVALID_ARGUMENT for rules that cannot be stored
   */
  public Volume create(NewVolume wanted) {
    String name = wanted.spec().name();
    return storage.createVolume(
        name,
        wanted.spec().sizeBytes(),
        settings.rowsOf(name, wanted.rules().orElse(null), wanted.profile().orElse(null)));
  }

  /**
   * Gives a volume another size.
   *
   * @throws org.facsim.array.ArrayException INVALID_ARGUMENT (below what is used and reserved, or
   *     below 1 MiB), STALE, NO_SPACE, IO
   */
  public void resize(Volume volume, long sizeBytes) {
    storage.resizeVolume(volume, sizeBytes);
  }

  /**
   * Deletes a volume with everything in it, even if clients use it. Its handles are stale at once,
   * and its locks, jobs and export end. A named state may still contain it.
   *
   * @throws org.facsim.array.ArrayException STALE if it is deleted already, NO_SPACE, IO
   */
  public void delete(Volume volume) {
    storage.deleteVolume(volume);
  }
}
