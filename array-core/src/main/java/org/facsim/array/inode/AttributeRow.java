/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.nio.ByteBuffer;
import java.util.List;
import org.facsim.array.Caller;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Volume;
import org.facsim.array.block.table.InodeRows;

/**
 * {@link FileAttributes} in the eight words of an inode's row, without what the inode itself knows.
 *
 * <pre>
 *   0  name (32..), type (28..) and mode  4  access time
 *   1  link count               5  modify time
 *   2  uid (32..) and gid       6  change time
 *   3  size                     7  change counter
 * </pre>
 *
 * The mapped bytes share word 1 with the link count, as blocks above its 24 bits. A device's
 * numbers are in word 3, because a device has no size. The name is the place of a name that leads
 * to the inode. It is not an attribute, and writing attributes leaves it as it is.
 */
public final class AttributeRow {
  /** Types by code. The codes are part of the format, and code 0 means none. */
  private static final List<FileType> TYPES =
      List.of(
          FileType.REGULAR,
          FileType.DIRECTORY,
          FileType.SYMBOLIC_LINK,
          FileType.BLOCK_DEVICE,
          FileType.CHARACTER_DEVICE,
          FileType.SOCKET,
          FileType.FIFO);

  private static final int LINK_BITS = 24;
  private static final long LINK_MASK = (1L << LINK_BITS) - 1;
  private static final long LOW = 0xffff_ffffL;
  private static final int TYPE_SHIFT = 28;
  private static final int MODE_MASK = (1 << TYPE_SHIFT) - 1;

  private static final int MODE = 0;
  private static final int LINKS = 1;
  private static final int OWNER = 2;
  private static final int SIZE = 3;
  private static final int ACCESSED = 4;
  private static final int MODIFIED = 5;
  private static final int CHANGED = 6;
  private static final int COUNTER = 7;

  private AttributeRow() {}

  private static boolean isDevice(FileType type) {
    return type == FileType.BLOCK_DEVICE || type == FileType.CHARACTER_DEVICE;
  }

  /** Writes the first attributes of a row to which no name leads yet. */
  static void begin(InodeRows rows, int row, FileAttributes a) {
    InodeRows.set(rows.memory(row), rows.at(row), MODE, 0);
    write(rows, row, a);
  }

  static void write(InodeRows rows, int row, FileAttributes a) {
    ByteBuffer memory = rows.memory(row);
    int at = rows.at(row);
    long name = InodeRows.get(memory, at, MODE) & ~LOW;
    int typeAndMode = codeOf(a.type()) << TYPE_SHIFT | (a.mode() & MODE_MASK);
    InodeRows.set(memory, at, MODE, name | (typeAndMode & LOW));
    InodeRows.set(
        memory, at, LINKS, (a.usedBytes() / Volume.BLOCK_BYTES) << LINK_BITS | a.linkCount());
    InodeRows.set(memory, at, OWNER, a.uid() << Integer.SIZE | a.gid());
    long device = (long) a.deviceMajor() << Integer.SIZE | (a.deviceMinor() & LOW);
    InodeRows.set(memory, at, SIZE, isDevice(a.type()) ? device : a.sizeBytes());
    InodeRows.set(memory, at, ACCESSED, a.accessTimeNanos());
    InodeRows.set(memory, at, MODIFIED, a.modifyTimeNanos());
    InodeRows.set(memory, at, CHANGED, a.changeTimeNanos());
    InodeRows.set(memory, at, COUNTER, a.changeCounter());
  }

  /**
   * Reads attributes. Their words may not belong together, or belong to another inode, which the
   * caller finds out.
   */
  public static FileAttributes read(InodeRows rows, int row, int volumeId, long fileId) {
    ByteBuffer memory = rows.memory(row);
    int at = rows.at(row);
    long mode = InodeRows.get(memory, at, MODE);
    long links = InodeRows.get(memory, at, LINKS);
    long owner = InodeRows.get(memory, at, OWNER);
    long size = InodeRows.get(memory, at, SIZE);
    FileType type = typeOf((int) mode >>> TYPE_SHIFT);
    boolean isDevice = isDevice(type);
    return new FileAttributes(
        type,
        (int) mode & MODE_MASK,
        (int) (links & LINK_MASK),
        owner >>> Integer.SIZE,
        owner & LOW,
        isDevice ? 0 : size,
        (links >>> LINK_BITS) * Volume.BLOCK_BYTES,
        isDevice ? (int) (size >>> Integer.SIZE) : 0,
        isDevice ? (int) size : 0,
        volumeId,
        fileId,
        InodeRows.get(memory, at, ACCESSED),
        InodeRows.get(memory, at, MODIFIED),
        InodeRows.get(memory, at, CHANGED),
        InodeRows.get(memory, at, COUNTER));
  }

  /**
   * Decides like {@link AccessCheck#permits} for a caller who is not root. It reads no more than it
   * needs.
   */
  static boolean permits(InodeRows rows, int row, Caller caller, int wanted) {
    ByteBuffer memory = rows.memory(row);
    int at = rows.at(row);
    int mode = (int) InodeRows.get(memory, at, MODE) & MODE_MASK;
    long owner = InodeRows.get(memory, at, OWNER);
    return AccessCheck.permits(caller, mode, owner >>> Integer.SIZE, owner & LOW, wanted);
  }

  /** Returns the place of a name that leads to the inode, or 0. */
  static int name(InodeRows rows, int row) {
    return (int) (InodeRows.get(rows.memory(row), rows.at(row), MODE) >>> Integer.SIZE);
  }

  /** Sets the name. The volume's lock is held, as for all writing. */
  static void setName(InodeRows rows, int row, int place) {
    ByteBuffer memory = rows.memory(row);
    int at = rows.at(row);
    long typeAndMode = InodeRows.get(memory, at, MODE) & LOW;
    InodeRows.set(memory, at, MODE, (long) place << Integer.SIZE | typeAndMode);
  }

  public static int linkCount(InodeRows rows, int row) {
    return (int) (InodeRows.get(rows.memory(row), rows.at(row), LINKS) & LINK_MASK);
  }

  /** Returns the size of a regular file. */
  static long sizeBytes(InodeRows rows, int row) {
    return InodeRows.get(rows.memory(row), rows.at(row), SIZE);
  }

  public static long changeCounter(InodeRows rows, int row) {
    return InodeRows.get(rows.memory(row), rows.at(row), COUNTER);
  }

  public static long accessTimeNanos(InodeRows rows, int row) {
    return InodeRows.get(rows.memory(row), rows.at(row), ACCESSED);
  }

  public static void setAccessTimeNanos(InodeRows rows, int row, long nanos) {
    InodeRows.set(rows.memory(row), rows.at(row), ACCESSED, nanos);
  }

  public static int codeOf(FileType type) {
    return switch (type) {
      case REGULAR -> 1;
      case DIRECTORY -> 2;
      case SYMBOLIC_LINK -> 3;
      case BLOCK_DEVICE -> 4;
      case CHARACTER_DEVICE -> 5;
      case SOCKET -> 6;
      case FIFO -> 7;
    };
  }

  /** Returns the type with a code, also for what is not a code. */
  public static FileType typeOf(int code) {
    return !isTypeCode(code) ? FileType.FIFO : TYPES.get(code - 1);
  }

  public static boolean isTypeCode(int code) {
    return code >= 1 && code <= TYPES.size();
  }
}
