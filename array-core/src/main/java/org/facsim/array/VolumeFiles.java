/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * The bytes of the regular files of one volume. Thread-safe. Each mutation is one critical section.
 */
public interface VolumeFiles {
  /**
   * Fills {@code target} from its position up to its limit or to the end of the file, and moves its
   * position. Holes read as zeros. Takes no lock.
   *
   * @param target a direct buffer is fastest; at most {@link Volume#MAX_TRANSFER_BYTES} are read
   * @throws ArrayException ACCESS_DENIED, IS_DIRECTORY, WRONG_TYPE, INVALID_ARGUMENT
   */
  Volume.ReadResult read(Caller caller, Inode file, long offsetBytes, ByteBuffer target);

  /**
   * Reads like {@link #read}, but without a copy. The bytes stay where they lie. They are pinned
   * until the result is closed, and do not change meanwhile. This pays from some ten KiB on.
   *
   * @param countBytes at most {@link Volume#MAX_TRANSFER_BYTES} are read
   * @return null if there is nothing to read, or if the bytes can only be copied; then call {@link
   *     #read}
   * @throws ArrayException as {@link #read}
   */
  PinnedRead pin(Caller caller, Inode file, long offsetBytes, int countBytes);

  /**
   * Writes what remains in {@code source}. If the write begins beyond the end, the gap becomes a
   * hole.
   *
   * @param source consumed on success; at most {@link Volume#MAX_TRANSFER_BYTES}
   * @throws ArrayException ACCESS_DENIED, IS_DIRECTORY, WRONG_TYPE, FILE_TOO_LARGE, NO_SPACE
   */
  Mutation write(Caller caller, Inode file, long offsetBytes, ByteBuffer source);

  /**
   * Writes all bytes of a room. If it is a room of this array, and the offset is a multiple of
   * {@link Volume#BLOCK_BYTES}, it becomes a part of the file, without a copy; else its bytes are
   * copied. Refused or not, the room is to be closed afterwards, and its bytes may be gone.
   *
   * @throws ArrayException as {@link #write(Caller, Inode, long, ByteBuffer)}, with nothing changed
   */
  Mutation write(Caller caller, Inode file, long offsetBytes, WriteRoom room);

  /**
   * Makes a range read as zeros, as DEALLOCATE of RFC 7862 does. It unmaps whole blocks, which lose
   * their reservations, and overwrites the rest. The size stays. The range may end beyond it.
   *
   * @param lengthBytes 1 or more
   * @throws ArrayException WRONG_TYPE, ACCESS_DENIED, INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE
   *     (the range ends within a shared block, and no block is left for its copy), STALE
   */
  Mutation punchHole(Caller caller, Inode file, long offsetBytes, long lengthBytes);

  /**
   * Unmaps several ranges of whole blocks in one step, and ends their reservations. Takes no block,
   * because no block is overwritten. The size stays. The ranges may end beyond it.
   *
   * @param ranges none of which touches another, in the order of their offsets; at most {@link
   *     Volume#MAX_PUNCHED_RANGES}
   * @throws ArrayException WRONG_TYPE, ACCESS_DENIED, INVALID_ARGUMENT (too many, not in order, not
   *     whole blocks), FILE_TOO_LARGE, NO_SPACE (there is no memory for the metadata), STALE
   */
  Mutation punchHoles(Caller caller, Inode file, List<FileRange> ranges);

  /**
   * Reserves space for each block of a range, as ALLOCATE of RFC 7862 does. The next write there
   * cannot fail for lack of space, not even where blocks are shared now. Contents stay. The file
   * grows to the range's end. A later clone shares the blocks again; after it, call this again.
   *
   * @param lengthBytes 1 or more
   * @throws ArrayException WRONG_TYPE, ACCESS_DENIED, INVALID_ARGUMENT, FILE_TOO_LARGE, NO_SPACE,
   *     STALE
   */
  Mutation allocate(
      Caller caller, Inode file, long offsetBytes, long lengthBytes, Volume.ZeroFill zeroFill);

  /**
   * Finds the first byte of data at or after an offset, or the end of the file if there is none.
   * Takes no lock.
   *
   * @throws ArrayException BEYOND_END_OF_FILE (the offset is the size or more), WRONG_TYPE,
   *     ACCESS_DENIED, INVALID_ARGUMENT, STALE
   */
  Volume.Seek seekData(Caller caller, Inode file, long offsetBytes);

  /**
   * Finds the first byte of a hole at or after an offset, like {@link #seekData}. The end of the
   * file counts as a hole.
   */
  Volume.Seek seekHole(Caller caller, Inode file, long offsetBytes);

  /**
   * Keeps a file usable, also by its handle, after its last name is gone. Servers hold a file that
   * a client has open. Holds are counted: each needs a {@link #release}.
   *
   * @throws ArrayException STALE if the file is gone already
   */
  void hold(Inode inode);

  /** Gives a hold back. A file without names and holds is gone. */
  void release(Inode inode);
}
