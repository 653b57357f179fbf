/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;

/**
 * The bytes of the regular files of one volume. Thread-safe; each mutation is one critical section.
 */
public interface VolumeFiles {
  /**
   * Fills {@code target} from its position, holes as zeros, up to its limit or the end of the file,
   * and moves its position. Takes no lock.
   *
   * @param target a direct buffer is fastest; at most {@link Volume#MAX_TRANSFER_BYTES} are read
   * @throws ArrayException ACCESS_DENIED, IS_DIRECTORY, WRONG_TYPE, INVALID_ARGUMENT
   */
  Volume.ReadResult read(Caller caller, Inode file, long offsetBytes, ByteBuffer target);

  /**
   * As {@link #read}, but without a copy: the bytes stay where they lie, pinned until the result is
   * closed, and do not change meanwhile. Worth it for some ten KiB and more.
   *
   * @param countBytes at most {@link Volume#MAX_TRANSFER_BYTES} are read
   * @return null if there is nothing to read or the bytes are to be had by a copy only; then call
   *     {@link #read}
   * @throws ArrayException as {@link #read}
   */
  PinnedRead pin(Caller caller, Inode file, long offsetBytes, int countBytes);

  /**
   * Writes what remains in {@code source}; a write past the end zero-fills the gap as a hole.
   *
   * @param source consumed on success; at most {@link Volume#MAX_TRANSFER_BYTES}
   * @throws ArrayException ACCESS_DENIED, IS_DIRECTORY, WRONG_TYPE, FILE_TOO_LARGE, NO_SPACE
   */
  Mutation write(Caller caller, Inode file, long offsetBytes, ByteBuffer source);

  /**
   * Makes a range read as zeros, as DEALLOCATE of RFC 7862: whole blocks are unmapped, and lose the
   * space promised to them, the rest is overwritten. The size stays. The range may end beyond it.
   *
   * @param lengthBytes 1 or more
   * @throws ArrayException WRONG_TYPE, ACCESS_DENIED, INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE (a
   *     shared block is cut within and no block is left for its copy), STALE
   */
  Mutation punchHole(Caller caller, Inode file, long offsetBytes, long lengthBytes);

  /**
   * Makes sure of space for each block of a range, as ALLOCATE of RFC 7862: the next write there
   * cannot fail for want of it, also where blocks are shared now. Contents stay; the file grows to
   * the range's end. A later clone shares blocks that were written, and so needs this again.
   *
   * @param lengthBytes 1 or more
   * @throws ArrayException WRONG_TYPE, ACCESS_DENIED, INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE,
   *     STALE
   */
  Mutation allocate(
      Caller caller, Inode file, long offsetBytes, long lengthBytes, Volume.ZeroFill zeroFill);

  /**
   * The first byte of data at or after an offset; the end of the file if there is none. Takes no
   * lock.
   *
   * @throws ArrayException BEYOND_END_OF_FILE (the offset is the size or more), WRONG_TYPE,
   *     ACCESS_DENIED, INVALID_ARGUMENT, STALE
   */
  Volume.Seek seekData(Caller caller, Inode file, long offsetBytes);

  /** The first byte of a hole at or after an offset; the end of the file is one. As seekData. */
  Volume.Seek seekHole(Caller caller, Inode file, long offsetBytes);

  /**
   * Keeps a file usable, by handle too, after its last name is gone; for the state of servers, such
   * as an open file of NFSv4. Holds count: each needs its {@link #release}.
   *
   * @throws ArrayException STALE if the file is gone already
   */
  void hold(Inode inode);

  /** Gives a hold back; a file without names and holds is gone. */
  void release(Inode inode);
}
