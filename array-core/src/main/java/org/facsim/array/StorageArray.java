/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The array: its volumes, its clock, its capacity. Thread-safe. */
public interface StorageArray extends Durability, AutoCloseable {
  /** The most volumes of one array. */
  int MAX_VOLUMES = 4096;

  /** The smallest volume. */
  long MIN_VOLUME_BYTES = 1 << 20;

  /** The most named states of one array. */
  int MAX_STATES = 1024;

  /**
   * Makes an empty volume with a root directory of mode 0755 owned by root. Its size is a limit,
   * not a claim: volumes together may promise more than the array has. It counts whole blocks.
   *
   * @throws ArrayException EXISTS, INVALID_ARGUMENT (name: 1 to 64 of letters, digits, '.', '_',
   *     '-', not starting with '.'; size: at least 1 MiB), NO_SPACE (more than {@value
   *     #MAX_VOLUMES} volumes, memory; on a durable array the operating system's disk, or IO)
   */
  Volume createVolume(String name, long sizeBytes);

  /**
   * As {@link #createVolume(String, long)}, with the first rows of its {@link ArraySettings}.
   * Volume and rows are one change: after a crash both are there, or neither is.
   *
   * @throws ArrayException as well as {@link ArraySettings#put(Volume, String, byte[])}
   */
  Volume createVolume(String name, long sizeBytes, Map<String, byte[]> rows);

  /**
   * Gives a volume another size; all its contents stay. Blocks on their way back do not stand
   * against a smaller size: they are brought back first.
   *
   * @throws ArrayException INVALID_ARGUMENT (below what is used and reserved, or below 1 MiB),
   *     STALE; on a durable array also NO_SPACE or IO if the operating system's disk did not take
   *     it
   */
  void resizeVolume(Volume volume, long sizeBytes);

  /**
   * Deletes a volume with everything in it. At once: its name is free, its handles are stale and
   * every operation on it fails with STALE, also of those who hold files open. Its blocks come back
   * in the background; {@link #awaitReclaim} waits for them. Its id is never given again.
   *
   * @throws ArrayException STALE if it is deleted already; on a durable array also NO_SPACE or IO
   *     if the operating system's disk did not take it: then it may be there again after a crash
   */
  void deleteVolume(Volume volume);

  /** Tells from now on of volumes that go and come back. */
  void addListener(ArrayListener listener);

  /** Tells it nothing more; does nothing if it was told nothing. */
  void removeListener(ArrayListener listener);

  /**
   * Saves the whole array, all volumes at one moment, under a name. Takes as long as the number of
   * volumes asks for, whatever they hold. What the array has now shares all its space with the
   * state; what is overwritten or deleted later is kept for it and stays charged to who wrote it.
   * Access times that reads move are not part of a state, nor is who holds files open.
   *
   * @throws ArrayException EXISTS, INVALID_ARGUMENT (name: as a volume's), NO_SPACE (more than
   *     {@value #MAX_STATES} states); on a durable array also NO_SPACE or IO if the operating
   *     system's disk did not take it: then it may be gone after a crash
   */
  void saveState(String name);

  /**
   * Makes the array what it was when a state was saved: volumes and their sizes, names, contents,
   * attributes, handles, cookies, snapshots, promises of space and every figure of the ledger. What
   * is there now and in no state is lost. The state stays, and can be restored again; so can every
   * other one, those saved later too. It takes as long as what differs asks for.
   *
   * <p>Clients notice: the write verifier is a new one, and whatever changed gets a new change
   * counter and change time. Handles of what is not in the state are stale, also for those who hold
   * it open; those of what was removed since work again. Numbers given out since (file ids,
   * cookies, volume ids) are never given to anything else.
   *
   * @throws ArrayException NOT_FOUND, NO_SPACE (the state promised space to files that there is no
   *     room for now), with nothing changed; on a durable array also NO_SPACE or IO if the
   *     operating system's disk did not take it: then a crash may undo it
   */
  void restoreState(String name);

  /**
   * Deletes a state. The array stays as it is; what only that state kept comes back in the
   * background: {@link #awaitReclaim} waits for it.
   *
   * @throws ArrayException NOT_FOUND; on a durable array also NO_SPACE or IO if the operating
   *     system's disk did not take it: then it may be there again after a crash
   */
  void deleteState(String name);

  /**
   * How often a named state was restored in this run. It counts up while every volume is locked, so
   * whoever works on the array in several steps can tell with {@link Volume#unlessRestored} that
   * none of them lies on the other side of a restore.
   */
  long restoreCount();

  /** What the doors keep with the array and its volumes. */
  ArraySettings settings();

  /** All named states in the order of their saving. */
  List<NamedState> states();

  Optional<Volume> volume(String name);

  /** All volumes in the order of their creation. */
  List<Volume> volumes();

  /**
   * The inode that a handle names. Takes no lock.
   *
   * @throws ArrayException BAD_HANDLE if the check fails, STALE if the inode or volume is gone
   */
  Inode resolve(FileHandle handle);

  /**
   * What WRITE and COMMIT return; changes on restart and after a failed force. It depends on the
   * seed and on the moment of the start, so that an array restarted with its old seed is told from
   * the one that lost its memory.
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

  /** Physical blocks in use in all volumes, in bytes. */
  long physicalUsedBytes();

  /** The ledger of the array. */
  ArraySpace space();

  /** Waits until every block freed before this call is free for use. */
  void awaitReclaim();

  /**
   * Gives all memory back; no operation may run now or later. A durable array is made durable
   * first. Only the first call does anything.
   *
   * @throws ArrayException NO_SPACE or IO if that failed; all is given back all the same
   */
  @Override
  void close();
}
