/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;

/**
 * How clients name an inode: 32 bytes that stay the same across restarts. A keyed check guards them
 * against forgery.
 *
 * <pre>
 *  0        4          8                 16           20       24                32
 *  | magic  | volumeId | fileId          | generation | zero   | check           |
 * </pre>
 *
 * @param volumeId the volume
 * @param fileId the file, never 0
 * @param generation of the file id
 * @param check SipHash of all other fields with the array's key
 */
public record FileHandle(int volumeId, long fileId, int generation, long check) {
  /** The encoded size. ESXi refuses handles of more than 56 bytes. */
  public static final int SIZE_BYTES = 32;

  private static final int MAGIC = 0x46414331; // "FAC1"

  /** Writes the 32 bytes at the buffer's position. */
  public void writeTo(ByteBuffer target) {
    target.putInt(MAGIC).putInt(volumeId).putLong(fileId);
    target.putInt(generation).putInt(0).putLong(check);
  }

  public byte[] toBytes() {
    ByteBuffer buffer = ByteBuffer.allocate(SIZE_BYTES);
    writeTo(buffer);
    return buffer.array();
  }

  /**
   * Reads a handle from the remaining bytes. {@link StorageArray#resolve} verifies the check.
   *
   * @throws ArrayException BAD_HANDLE unless the bytes have this form
   */
  public static FileHandle readFrom(ByteBuffer source) {
    if (source.remaining() != SIZE_BYTES || source.getInt() != MAGIC) {
      throw new ArrayException(ArrayError.BAD_HANDLE, "not a handle of this array");
    }
    int volumeId = source.getInt();
    long fileId = source.getLong();
    int generation = source.getInt();
    int zero = source.getInt();
    long check = source.getLong();
    if (zero != 0 || fileId == 0) {
      throw new ArrayException(ArrayError.BAD_HANDLE, "not a handle of this array");
    }
    return new FileHandle(volumeId, fileId, generation, check);
  }

  /**
   * Reads the 32 bytes as four big-endian words, for doors that decode them without a buffer.
   *
   * @throws ArrayException BAD_HANDLE unless the words have this form
   */
  public static FileHandle ofWords(long word0, long word1, long word2, long word3) {
    if ((int) (word0 >>> 32) != MAGIC || (int) word2 != 0 || word1 == 0) {
      throw new ArrayException(ArrayError.BAD_HANDLE, "not a handle of this array");
    }
    return new FileHandle((int) word0, word1, (int) (word2 >>> 32), word3);
  }

  /**
   * Eight of the 32 bytes as a big-endian number.
   *
   * @param index 0 to 3
   */
  public long word(int index) {
    return switch (index) {
      case 0 -> (long) MAGIC << 32 | Integer.toUnsignedLong(volumeId);
      case 1 -> fileId;
      case 2 -> (long) generation << 32;
      case 3 -> check;
      default -> throw new IndexOutOfBoundsException(index);
    };
  }
}
