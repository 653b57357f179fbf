/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import org.facsim.array.block.InodeRows;

/**
 * {@link FileAttributes} in the eight words of an inode's row, without what the inode itself knows.
 *
 * <pre>
 *   0  type (32..) and mode     4  access time
 *   1  link count               5  modify time
 *   2  uid (32..) and gid       6  change time
 *   3  size                     7  change counter
 * </pre>
 *
 * The mapped bytes share word 1 with the link count, as blocks above its 24 bits; a device's
 * numbers stand in word 3, because it has no size.
 */
final class AttributeRow {
  private static final int LINK_BITS = 24;
  private static final long LINK_MASK = (1L << LINK_BITS) - 1;
  private static final long LOW = 0xffff_ffffL;

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

  static void write(InodeRows rows, int row, FileAttributes a) {
    rows.set(row, MODE, (long) InodeRow.codeOf(a.type()) << Integer.SIZE | a.mode());
    rows.set(row, LINKS, (a.usedBytes() / Volume.BLOCK_BYTES) << LINK_BITS | a.linkCount());
    rows.set(row, OWNER, a.uid() << Integer.SIZE | a.gid());
    long device = (long) a.deviceMajor() << Integer.SIZE | (a.deviceMinor() & LOW);
    rows.set(row, SIZE, isDevice(a.type()) ? device : a.sizeBytes());
    rows.set(row, ACCESSED, a.accessTimeNanos());
    rows.set(row, MODIFIED, a.modifyTimeNanos());
    rows.set(row, CHANGED, a.changeTimeNanos());
    rows.set(row, COUNTER, a.changeCounter());
  }

  /** May be of words that do not belong together, or of another inode: the caller finds out. */
  static FileAttributes read(InodeRows rows, int row, int volumeId, long fileId) {
    long mode = rows.get(row, MODE);
    long links = rows.get(row, LINKS);
    long owner = rows.get(row, OWNER);
    long size = rows.get(row, SIZE);
    FileType type = InodeRow.typeOf((int) (mode >>> Integer.SIZE));
    boolean isDevice = isDevice(type);
    return new FileAttributes(
        type,
        (int) mode,
        (int) (links & LINK_MASK),
        owner >>> Integer.SIZE,
        owner & LOW,
        isDevice ? 0 : size,
        (links >>> LINK_BITS) * Volume.BLOCK_BYTES,
        isDevice ? (int) (size >>> Integer.SIZE) : 0,
        isDevice ? (int) size : 0,
        volumeId,
        fileId,
        rows.get(row, ACCESSED),
        rows.get(row, MODIFIED),
        rows.get(row, CHANGED),
        rows.get(row, COUNTER));
  }

  static long changeCounter(InodeRows rows, int row) {
    return rows.get(row, COUNTER);
  }

  static long accessTimeNanos(InodeRows rows, int row) {
    return rows.get(row, ACCESSED);
  }

  static void setAccessTimeNanos(InodeRows rows, int row, long nanos) {
    rows.set(row, ACCESSED, nanos);
  }
}
