/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.engine;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArraySettings;
import org.facsim.array.Volume;
import org.facsim.array.states.ArrayName;
import org.facsim.array.states.NamedStates;
import org.facsim.array.states.SettingsTable;
import org.facsim.array.volume.OpenVolume;

/** The settings of an open array. Each change is committed before the call returns. */
final class EngineSettings implements ArraySettings {
  private static final int ARRAY = 0;

  private final ArrayEngine array;
  private final NamedStates states;

  /**
   * Held while a change is made durable, so that no change undoes another one. Taken before all
   * other locks.
   */
  private final ReentrantLock changing = new ReentrantLock();

  EngineSettings(ArrayEngine array, NamedStates states) {
    this.array = array;
    this.states = states;
  }

  @Override
  public Optional<byte[]> get(String name) {
    return Optional.ofNullable(states.setting(new SettingsTable.Key(ARRAY, name)));
  }

  @Override
  public Optional<byte[]> get(Volume volume, String name) {
    return Optional.ofNullable(states.setting(new SettingsTable.Key(volume.id(), name)));
  }

  @Override
  public void put(String name, byte[] value) {
    change(null, name, value);
  }

  @Override
  public void put(Volume volume, String name, byte[] value) {
    change(volume, name, value);
  }

  @Override
  public void remove(String name) {
    change(null, name, null);
  }

  @Override
  public void remove(Volume volume, String name) {
    change(volume, name, null);
  }

  /**
   * Checks a row.
   *
   * @param value null for none
   * @throws ArrayException INVALID_ARGUMENT
   */
  static void require(String name, byte[] value) {
    ArrayName.require("setting", name);
    if (value != null && value.length > MAX_VALUE_BYTES) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "setting '" + name + "' of " + value.length + " bytes; at most " + MAX_VALUE_BYTES);
    }
  }

  /** The row of a volume, or of the array for null. */
  static SettingsTable.Key keyOf(Volume volume, String name) {
    return new SettingsTable.Key(volume == null ? ARRAY : volume.id(), name);
  }

  private void change(Volume volume, String name, byte[] value) {
    require(name, value);
    SettingsTable.Key key = keyOf(volume, name);
    byte[] mine = value == null ? null : value.clone();
    changing.lock();
    try {
      byte[] before = states.set((OpenVolume) volume, key, mine);
      try {
        array.commitIfDurable();
      } catch (ArrayException e) {
        states.setBack((OpenVolume) volume, key, mine, before);
        throw e;
      }
    } finally {
      changing.unlock();
    }
  }
}
