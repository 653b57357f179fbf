/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * The space that the files of one volume take, and what is left. It is always exact. Thread-safe.
 */
public interface SpaceLedger {
  /**
   * The ledger of one file. If it is not a regular file, all figures except the size are zero.
   *
   * @throws ArrayException STALE
   */
  FileSpace of(Inode file);

  /**
   * The ledger of one file as far as it is known without a walk of its map. It takes O(1), so it
   * may be asked beside every change.
   *
   * @throws ArrayException STALE
   */
  NotedSpace noted(Inode file);

  /**
   * The ledger of a file, or of all files in a directory tree: a VM, a snapshot, the root.
   *
   * @throws ArrayException STALE
   */
  TreeSpace ofTree(Inode fileOrDirectory);

  /** The ledger of the volume. */
  VolumeSpace ofVolume();

  /**
   * {@link VolumeSpace#freeBytes} alone, in O(1).
   *
   * @throws ArrayException STALE
   */
  long freeBytes();

  /**
   * How many small files can still be made. The volume's file ids and the memory that all volumes
   * share limit it. It is an estimate, because names differ in length.
   *
   * @throws ArrayException STALE
   */
  long freeInodes();

  /**
   * How many bytes can be written here now: the smaller one of {@link VolumeSpace#freeBytes} and of
   * what direct memory still has room for.
   */
  long availableBytes();
}
