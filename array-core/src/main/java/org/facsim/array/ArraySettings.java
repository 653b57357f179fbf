/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What the doors keep with the array: named rows of bytes, of the array itself or of a volume. Of
 * what they mean the array knows nothing.
 *
 * <p>A change is durable when the call returns. A volume's rows go with it. Named states have them:
 * a restore brings back what was set when the state was saved. They are for what an admin says now
 * and then, not for what calls do: each change is a transaction group of its own. Thread-safe.
 */
public final class ArraySettings {
  /** The longest value. */
  public static final int MAX_VALUE_BYTES = 64 << 10;

  /** The most rows of a volume, and of the array itself. */
  public static final int MAX_PER_OWNER = 64;

  /** The most bytes of all rows, those that only named states have included. */
  public static final long MAX_TOTAL_BYTES = 64L << 20;

  private static final int ARRAY = 0;

  private final StorageArray array;
  private final ArrayStates states;

  /** Held while a change is made durable, so that none undoes another. Taken before all others. */
  private final ReentrantLock changing = new ReentrantLock();

  ArraySettings(StorageArray array, ArrayStates states) {
    this.array = array;
    this.states = states;
  }

  /** A row of the array. */
  public Optional<byte[]> get(String name) {
    return Optional.ofNullable(states.setting(new SettingsTable.Key(ARRAY, name)));
  }

  /** A row of a volume; a deleted one has none. */
  public Optional<byte[]> get(Volume volume, String name) {
    return Optional.ofNullable(states.setting(new SettingsTable.Key(volume.id(), name)));
  }

  /**
   * Sets a row of the array.
   *
   * @param name as a volume's
   * @param value at most {@link #MAX_VALUE_BYTES}
   * @throws ArrayException INVALID_ARGUMENT, NO_SPACE (see the bounds above); on a durable array
   *     also NO_SPACE or IO if the host's disk did not take it; then it is as it was
   */
  public void put(String name, byte[] value) {
    change(null, name, value);
  }

  /**
   * Sets a row of a volume.
   *
   * @throws ArrayException as {@link #put(String, byte[])}, and STALE if the volume is deleted
   */
  public void put(Volume volume, String name, byte[] value) {
    change(volume, name, value);
  }

  /**
   * Removes a row of the array, if it is there.
   *
   * @throws ArrayException as {@link #put(String, byte[])}
   */
  public void remove(String name) {
    change(null, name, null);
  }

  /**
   * Removes a row of a volume, if it is there.
   *
   * @throws ArrayException as {@link #put(Volume, String, byte[])}
   */
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
    StorageArray.requireName("setting", name);
    if (value != null && value.length > MAX_VALUE_BYTES) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "setting '" + name + "' of " + value.length + " bytes; at most " + MAX_VALUE_BYTES);
    }
  }

  static SettingsTable.Key keyOf(Volume volume, String name) {
    return new SettingsTable.Key(volume == null ? ARRAY : volume.id(), name);
  }

  private void change(Volume volume, String name, byte[] value) {
    require(name, value);
    SettingsTable.Key key = keyOf(volume, name);
    byte[] mine = value == null ? null : value.clone();
    changing.lock();
    try {
      byte[] before = states.set(volume, key, mine);
      try {
        array.commitIfDurable();
      } catch (ArrayException e) {
        states.setBack(volume, key, mine, before);
        throw e;
      }
    } finally {
      changing.unlock();
    }
  }
}
