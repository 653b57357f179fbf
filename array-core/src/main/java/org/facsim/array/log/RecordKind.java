/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;

/**
 * What a durable array consists of. Tables are bytes that change in pieces. Everything else is a
 * row, which changes as a whole. The codes are part of the on-disk format.
 */
public enum RecordKind {
  /** The bytes of a volume's node table. */
  NODES(1, true),
  /** The bytes of a volume's block table. */
  BLOCKS(2, true),
  /** One row of the whole array: seed, capacity, next volume id, group. */
  ARRAY(3, false),
  /** One row for each volume. Removing the row removes everything that is stored of the volume. */
  VOLUME(4, false),
  /** A block map, by its number. */
  MAP(5, false),
  /** An inode, by its file id. */
  INODE(6, false),
  /** A directory entry, by its directory's file id and its cookie. */
  ENTRY(7, false),
  /** A named state, by its number. */
  STATE(8, false),
  /** The extended attributes and the ACL of an inode that has any, by its file id. */
  ATTACHMENTS(9, false),
  /** A snapshot, by its number in the volume. */
  SNAPSHOT(10, false),
  /** Which snapshot a clone came from, by the file id of the clone's top. */
  ORIGIN(11, false),
  /** How a volume differs between two named states, by its number in the volume. */
  DELTA(12, false),
  /** What an inode is on the far side of a delta, by its number in the volume. */
  DIFFERENCE(13, false),
  /**
   * An entry of a directory on the far side of a delta, by the number of the difference and the
   * cookie.
   */
  DIFFERENCE_ENTRY(14, false),
  /** A snapshot on the far side of a delta, by the numbers of the delta and the snapshot. */
  DIFFERENCE_SNAPSHOT(15, false),
  /**
   * The snapshot from which a clone came on the far side of a delta, by the number of the delta and
   * the file id.
   */
  DIFFERENCE_ORIGIN(16, false),
  /** What a volume is on the far side of an edge, by the edge and the volume. */
  VOLUME_DIFFERENCE(17, false),
  /** A setting of the array or of a volume, by its place among named states and its number. */
  SETTING(18, false);

  private final int code;
  private final boolean isTable;

  RecordKind(int code, boolean isTable) {
    this.code = code;
    this.isTable = isTable;
  }

  public int code() {
    return code;
  }

  /** Whether it is a table, which changes in pieces, and not a row. */
  public boolean isTable() {
    return isTable;
  }

  /**
   * The kind with a code.
   *
   * @throws ArrayException IO for a code that this version does not know
   */
  public static RecordKind of(int code) {
    for (RecordKind kind : values()) {
      if (kind.code == code) {
        return kind;
      }
    }
    throw new ArrayException(ArrayError.IO, "record of unknown kind " + code);
  }
}
