/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** What the files of one volume take, and what is left; always exact. Thread-safe. */
public interface SpaceLedger {
  /**
   * The ledger of one file; all zero but the size if it is no regular file.
   *
   * @throws ArrayException STALE
   */
  FileSpace of(Inode file);

  /**
   * The ledger of a file, or of all files in a directory tree: a VM, a snapshot, the root.
   *
   * @throws ArrayException STALE
   */
  TreeSpace ofTree(Inode fileOrDirectory);

  /** The ledger of the volume. */
  VolumeSpace ofVolume();

  /**
   * How many small files can still be made: what the volume has numbers for and the operating
   * system has memory for, which all volumes share. An estimate: names differ in length.
   *
   * @throws ArrayException STALE
   */
  long freeInodes();

  /**
   * What can be written here now: {@link VolumeSpace#freeBytes}, or what direct memory still takes
   * of bytes that need a block of their own, if that is less.
   */
  long availableBytes();
}
