/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayListener;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.states.ArrayName;
import org.facsim.array.states.NamedStates;
import org.facsim.array.states.VolumeRegistry;
import org.facsim.array.volume.OpenVolume;

/**
 * What an administrator does to the array as a whole: making, resizing and deleting volumes;
 * saving, restoring and deleting named states. Each change asks for admission, is made, is
 * committed on a durable array, and is told to the listeners, one change at a time. Thread-safe.
 *
 * <p>The errors are those that {@link StorageArray} documents.
 */
final class ArrayAdministration {
  private final ArrayEngine array;
  private final VolumeRegistry registry;
  private final NamedStates states;
  private final VolumeMaker volumes;
  private final ArrayListeners listeners = new ArrayListeners();

  /** Written with every volume's lock held. */
  private final AtomicLong restoreCount = new AtomicLong();

  ArrayAdministration(
      ArrayEngine array, VolumeRegistry registry, NamedStates states, VolumeMaker volumes) {
    this.array = array;
    this.registry = registry;
    this.states = states;
    this.volumes = volumes;
  }

  void addListener(ArrayListener listener) {
    listeners.add(listener);
  }

  void removeListener(ArrayListener listener) {
    listeners.remove(listener);
  }

  // ---------------------------------------------------------------- volumes

  Volume createVolume(String name, long sizeBytes, Map<String, byte[]> rows) {
    ArrayName.require("volume", name);
    requireVolumeSize(sizeBytes);
    rows.forEach(EngineSettings::require);
    array.admit();
    return listeners.inOrder(
        () -> {
          OpenVolume volume = registry.alone(() -> addVolume(name, sizeBytes, rows));
          commitOrRemove(volume);
          listeners.tell(listener -> listener.volumeMade(volume));
          return volume;
        });
  }

  private OpenVolume addVolume(String name, long sizeBytes, Map<String, byte[]> rows) {
    if (array.volume(name).isPresent()) {
      throw new ArrayException(ArrayError.EXISTS, "volume '" + name + "' exists");
    }
    OpenVolume volume = volumes.make(name, blocks(sizeBytes));
    states.add(volume);
    try {
      rows.forEach(
          (row, value) -> states.set(volume, EngineSettings.keyOf(volume, row), value.clone()));
    } catch (ArrayException e) {
      states.remove(volume);
      throw e;
    }
    return volume;
  }

  private void commitOrRemove(OpenVolume volume) {
    try {
      array.commitIfDurable();
    } catch (ArrayException e) {
      states.remove(volume);
      throw e;
    }
  }

  void resizeVolume(Volume given, long sizeBytes) {
    OpenVolume volume = requireMine(given);
    requireVolumeSize(sizeBytes);
    array.admit();
    listeners.inOrder(
        () -> {
          long before = volume.sizeBytes();
          states.resize(volume, blocks(sizeBytes));
          commitAndTell(listener -> listener.volumeResized(volume, before));
        });
  }

  void deleteVolume(Volume given) {
    OpenVolume volume = requireMine(given);
    volume.context().life.requirePresent();
    array.admit();
    listeners.preparing(Set.of(given));
    listeners.inOrder(
        () -> {
          listeners.telling(array::volumes, () -> states.remove(volume));
          commitAndTell(listener -> listener.volumeDeleted(volume));
        });
  }

  // ---------------------------------------------------------------- named states

  void saveState(String name) {
    array.admit();
    listeners.inOrder(
        () -> {
          states.save(name);
          commitAndTell(listener -> listener.stateSaved(name));
        });
  }

  void saveStateOver(String name) {
    array.admit();
    listeners.inOrder(
        () -> {
          boolean replaced = states.saveOver(name);
          commitAndTell(
              listener -> {
                if (replaced) {
                  listener.stateDeleted(name);
                }
                listener.stateSaved(name);
              });
        });
  }

  void restoreState(String name) {
    states.requireState(name);
    array.admit();
    listeners.preparing(Set.copyOf(array.volumes()));
    listeners.inOrder(
        () -> {
          ArrayListeners.Changed changed =
              listeners.telling(array::volumes, () -> states.restore(name));
          array.drawVerifier();
          commitAndTell(
              listener -> listener.stateRestored(name, changed.gone(), changed.returned()));
        });
  }

  /** Nothing stops the restore any more. All volumes' locks are held. */
  void restoring() {
    restoreCount.incrementAndGet();
    listeners.restoring();
  }

  long restoreCount() {
    return restoreCount.get();
  }

  void deleteState(String name) {
    array.admit();
    listeners.inOrder(
        () -> {
          states.delete(name);
          commitAndTell(listener -> listener.stateDeleted(name));
        });
  }

  // ----------------------------------------------------------------

  /** The change holds in memory, so listeners hear of it even if it is not durable. */
  private void commitAndTell(Consumer<ArrayListener> what) {
    try {
      array.commitIfDurable();
    } finally {
      listeners.tell(what);
    }
  }

  private OpenVolume requireMine(Volume volume) {
    if (volume instanceof OpenVolume own && own.array() == array) {
      return own;
    }
    throw new IllegalArgumentException("volume '" + volume.name() + "' of another array");
  }

  private static void requireVolumeSize(long sizeBytes) {
    if (sizeBytes < StorageArray.MIN_VOLUME_BYTES) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "a volume of "
              + sizeBytes
              + " bytes; allowed: "
              + StorageArray.MIN_VOLUME_BYTES
              + " and more");
    }
  }

  /** How many whole blocks fit into a size. */
  static long blocks(long sizeBytes) {
    return sizeBytes / Volume.BLOCK_BYTES;
  }
}
