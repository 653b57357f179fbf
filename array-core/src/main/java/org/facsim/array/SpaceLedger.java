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
   * How many bytes of a range of a file are mapped, in whole blocks. It takes O(1), like {@link
   * #noted}.
   *
   * @param offsetBytes a multiple of {@link Volume#BLOCK_BYTES}, 0 or more
   * @param lengthBytes 0 or more; up to {@link Volume#MAX_FILE_BYTES} from the start
   * @return 0 if it is not a regular file
   * @throws ArrayException STALE
   */
  long mappedBytes(Inode file, long offsetBytes, long lengthBytes);

  /**
   * The ledger of a file, or of all files in a directory tree: a VM, a snapshot, the root.
   *
   * @throws ArrayException STALE
   */
  TreeSpace ofTree(Inode fileOrDirectory);

  /** The ledger of the volume. */
  VolumeSpace ofVolume();

  /**
   * A part of {@link #ofVolume} in O(1).
   *
   * @throws ArrayException STALE
   */
  VolumeTotals totals();

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

  /**
   * Tells range by range who holds the blocks of a file, or how two files share. Takes no lock, so
   * while somebody writes, each range is what was there when the walk came to it.
   *
   * @param file a regular file
   * @param otherOrNull the file to compare with; null to look at one file alone
   * @param offsetBytes where to begin, a multiple of {@link Volume#BLOCK_BYTES}
   * @return up to where ranges were told, a multiple of {@link Volume#BLOCK_BYTES}: less than the
   *     size of the larger file if the visitor stopped, or if the walk has looked at as many nodes
   *     as one call may
   * @throws ArrayException WRONG_TYPE, CROSS_VOLUME, INVALID_ARGUMENT, STALE
   */
  long visitSharing(Inode file, Inode otherOrNull, long offsetBytes, SharingVisitor visitor);
}
