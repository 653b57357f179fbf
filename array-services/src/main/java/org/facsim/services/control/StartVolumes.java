/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and resizes the volumes that the options of a start ask for: all of them, or none. An
 * option that says the same as at the last start does not undo a size that was set while the array
 * ran.
 */
final class StartVolumes {
  private static final Logger LOG = LoggerFactory.getLogger(StartVolumes.class);

  private final StorageArray storage;
  private final ToldOptions told;

  /** Undoes what was done so far, the last first. */
  private final Deque<Runnable> undo = new ArrayDeque<>();

  StartVolumes(StorageArray storage, ToldOptions told) {
    this.storage = storage;
    this.told = told;
  }

  /**
   * Provides the volumes.
   *
   * @param mayBeThere whether volumes of these names may exist
   * @throws ArrayException EXISTS if two have one name, or one exists that must not; or as {@link
   *     StorageArray#createVolume(String, long)} and {@link StorageArray#resizeVolume}. Then the
   *     array is as it was
   */
  void provide(List<VolumeSpec> wanted, boolean mayBeThere) {
    requireOneEach(wanted);
    boolean done = false;
    try {
      wanted.forEach(each -> provide(each, mayBeThere));
      done = true;
    } finally {
      if (!done) {
        undo.forEach(StartVolumes::tryTo);
      }
    }
  }

  private static void requireOneEach(List<VolumeSpec> wanted) {
    Set<String> names = new HashSet<>();
    for (VolumeSpec each : wanted) {
      if (!names.add(each.name())) {
        throw new ArrayException(
            ArrayError.EXISTS, "volume '" + each.name() + "' is asked for twice");
      }
    }
  }

  private void provide(VolumeSpec wanted, boolean mayBeThere) {
    byte[] option = ToldOptions.bytesOf(wanted.sizeBytes());
    Optional<Volume> there = mayBeThere ? storage.volume(wanted.name()) : Optional.empty();
    if (there.isEmpty()) {
      Volume made =
          storage.createVolume(
              wanted.name(), wanted.sizeBytes(), Map.of(ToldOptions.sizeRow(), option));
      undo.push(() -> storage.deleteVolume(made));
      return;
    }
    Volume volume = there.get();
    long beforeBytes = volume.sizeBytes();
    if (!told.isNews(volume, ToldOptions.sizeRow(), option)) {
      if (beforeBytes != wanted.sizeBytes()) {
        LOG.info(
            "volume {}: keeps {} bytes, which it was given while the array ran; the option of this"
                + " start says {} bytes, as before",
            wanted.name(),
            beforeBytes,
            wanted.sizeBytes());
      }
      return;
    }
    if (beforeBytes != wanted.sizeBytes()) {
      LOG.warn(
          "volume {}: the size of this start's options, {} bytes, takes the place of {} bytes",
          wanted.name(),
          wanted.sizeBytes(),
          beforeBytes);
      storage.resizeVolume(volume, wanted.sizeBytes());
      undo.push(() -> storage.resizeVolume(volume, beforeBytes));
    }
    note(volume, option);
  }

  private void note(Volume volume, byte[] option) {
    Optional<byte[]> before = storage.settings().get(volume, ToldOptions.sizeRow());
    told.note(volume, ToldOptions.sizeRow(), option);
    undo.push(
        () ->
            before.ifPresentOrElse(
                bytes -> storage.settings().put(volume, ToldOptions.sizeRow(), bytes),
                () -> storage.settings().remove(volume, ToldOptions.sizeRow())));
  }

  private static void tryTo(Runnable step) {
    try {
      step.run();
    } catch (ArrayException e) {
      LOG.error("a start that is refused could not undo a change of a volume", e);
    }
  }
}
