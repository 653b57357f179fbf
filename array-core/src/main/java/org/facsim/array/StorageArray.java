/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The array: its volumes, its named states, its settings and its capacity. Thread-safe. */
public interface StorageArray extends Durability, AutoCloseable {
  /** The most volumes of one array. */
  int MAX_VOLUMES = 4096;

  /** The smallest volume. */
  long MIN_VOLUME_BYTES = 1 << 20;

  /** The most named states of one array. */
  int MAX_STATES = 1024;

  /**
   * Makes an empty volume with a root directory of mode 0755 that root owns. The size is a limit
   * and reserves nothing: the sizes of all volumes may exceed the capacity. It is rounded down to
   * whole blocks.
   *
   * @throws ArrayException EXISTS, INVALID_ARGUMENT (name: 1 to 64 of letters, digits, '.', '_',
   *     '-', not starting with '.'; size: at least 1 MiB), NO_SPACE (more than {@value
   *     #MAX_VOLUMES} volumes, or no memory); on a durable array also NO_SPACE or IO if it cannot
   *     be made durable
   */
  Volume createVolume(String name, long sizeBytes);

  /**
   * Makes a volume like {@link #createVolume(String, long)}, with the first rows of its {@link
   * ArraySettings}. Volume and rows are one change: after a crash, either both are there or neither
   * is.
   *
   * @throws ArrayException as well as {@link ArraySettings#put(Volume, String, byte[])}
   */
  Volume createVolume(String name, long sizeBytes, Map<String, byte[]> rows);

  /**
   * Changes the size of a volume. All its contents stay. Blocks that wait for reclaim do not stand
   * in the way of a smaller size, because they are reclaimed first.
   *
   * @throws ArrayException INVALID_ARGUMENT (below what is used and reserved, or below 1 MiB),
   *     STALE; on a durable array also NO_SPACE or IO if the new size, which holds already, is not
   *     durable yet
   */
  void resizeVolume(Volume volume, long sizeBytes);

  /**
   * Deletes a volume with everything in it. At once its name is free, its handles are stale, and
   * every operation on it fails with STALE, also for callers that hold files open. The background
   * reclaims its blocks, and {@link #awaitReclaim} waits for that. No other volume ever gets its
   * id.
   *
   * @throws ArrayException STALE if it is deleted already; on a durable array also NO_SPACE or IO
   *     if the deletion is not durable yet: then the volume may be there again after a crash
   */
  void deleteVolume(Volume volume);

  /** Adds a listener, which hears of all changes from now on. */
  void addListener(ArrayListener listener);

  /** Tells it nothing more; does nothing if it was told nothing. */
  void removeListener(ArrayListener listener);

  /**
   * Saves the whole array under a name, with all volumes at one moment. The time that it takes
   * depends on the number of volumes and not on what they hold. At first the state shares all its
   * space with the array. What is overwritten or deleted later is kept for the state, and stays
   * charged to the file that wrote it. Access times that reads change are not part of a state, and
   * neither is who holds files open.
   *
   * @throws ArrayException EXISTS, INVALID_ARGUMENT (name: as a volume's), NO_SPACE (more than
   *     {@value #MAX_STATES} states, or no memory); on a durable array also NO_SPACE or IO if the
   *     state is not durable yet: then it may be gone after a crash
   */
  void saveState(String name);

  /**
   * Saves the whole array under a name in place of the state that has this name, in one step: if it
   * is refused, the old state is still there, and after a crash there is either one. If there is no
   * such state, this is {@link #saveState}.
   *
   * @throws ArrayException as {@link #saveState} without EXISTS
   */
  void saveStateOver(String name);

  /**
   * Turns the array back to what it was when a state was saved: volumes and their sizes, names,
   * contents, attributes, handles, cookies, snapshots, reservations and every figure of the ledger.
   * What is there now and in no state is lost. The state stays and can be restored again, and so
   * can all other states, also those that were saved later. The time that a restore takes depends
   * on how much differs.
   *
   * <p>Clients notice it: the write verifier is a new one, and whatever changed gets a new change
   * counter and change time. Handles of what is not in the state are stale, also for clients that
   * hold it open. Handles of what was removed since work again. Numbers that were given out since
   * (file ids, cookies, volume ids) are never given to anything else.
   *
   * @throws ArrayException NOT_FOUND, NO_SPACE (there is no room now for the state's reservations),
   *     with nothing changed; on a durable array also NO_SPACE or IO if the restore, which is done,
   *     is not durable yet: then a crash may undo it
   */
  void restoreState(String name);

  /**
   * Deletes a state. The array stays as it is. The background reclaims what only that state kept,
   * and {@link #awaitReclaim} waits for that.
   *
   * @throws ArrayException NOT_FOUND; on a durable array also NO_SPACE or IO if the deletion is not
   *     durable yet: then the state may be there again after a crash
   */
  void deleteState(String name);

  /**
   * How often a named state was restored in this run. It grows while every volume is locked.
   * Therefore, whoever works on the array in several steps can use {@link Volume#unlessRestored} to
   * make sure that no restore came between two of them.
   */
  long restoreCount();

  /** What the services keep with the array and its volumes. */
  ArraySettings settings();

  /** All named states in the order in which they were saved. */
  List<NamedState> states();

  Optional<Volume> volume(String name);

  /** All volumes in the order in which they were made. */
  List<Volume> volumes();

  /**
   * Returns the inode that a handle names. Takes no lock.
   *
   * @throws ArrayException BAD_HANDLE if the handle's check fails, STALE if the inode or volume is
   *     gone
   */
  Inode resolve(FileHandle handle);

  /**
   * The verifier that WRITE and COMMIT return. It changes with a restart, with a restore and after
   * a failed force. It depends on the seed and on the moment of the start, so that clients can tell
   * an ephemeral array that was started again with the same seed from the one before it.
   */
  long writeVerifier();

  /**
   * A number that is greater in each run: after each start of a durable array, and after each
   * {@link #beginRun}. 0 for the first run of an array in memory.
   */
  long starts();

  /** The least number that an earlier run may have had: 0 in memory, 1 of a durable array. */
  long firstStart();

  /**
   * Another controller runs the array from now on, with everything that is there, and knows nothing
   * of what clients did: the write verifier is a new one, and {@link #starts} is greater.
   *
   * @throws ArrayException NO_SPACE or IO if a durable array cannot store that; then the run has
   *     begun all the same, and a start after a crash may count it again
   */
  void beginRun();

  /**
   * Makes room for a large write whose bytes have not arrived yet.
   *
   * @param lengthBytes anything
   * @return null if this array cannot: its bytes are not in memory, the length is not whole blocks
   *     or not 64 KiB to 1 MiB, memory is short, or there are no neighbours free. Then the bytes
   *     are received somewhere else, and copied
   */
  WriteRoom room(int lengthBytes);

  /** Physical blocks in use in all volumes, in bytes. */
  long physicalUsedBytes();

  /** The ledger of the array. */
  ArraySpace space();

  /** Waits until every block that was freed before this call can be used again. */
  void awaitReclaim();

  /**
   * Gives all memory back. No operation may run at the same time or later. A durable array first
   * makes everything durable. Only the first call does anything.
   *
   * @throws ArrayException NO_SPACE or IO if that failed; everything is given back all the same
   */
  @Override
  void close();
}
