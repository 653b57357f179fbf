/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import org.facsim.array.FileType;
import org.facsim.array.Name;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.table.NameTable;

/**
 * How many bytes of the heap metadata takes, which is what {@link
 * org.facsim.array.block.memory.MetadataBudget} is charged. Names and attributes are outside the
 * heap. The figures are sizes of objects with references of 4 bytes, padded to 8, with their places
 * in the tables. {@code HeapCostTest} compares them with a heap that grows.
 */
public final class HeapCost {
  /** An {@link VolumeInode}. */
  private static final int INODE_BYTES = 48;

  /** An {@link InodeExtra}, which a file has that was created exclusively. */
  private static final int EXTRA_BYTES = 40;

  /** A node of a {@link SparseArray}. */
  static final int SPARSE_NODE_BYTES = 24 + 272;

  /** A {@link Directory} without entries. */
  private static final int DIRECTORY_BYTES = 64 + 40 + 32 + SPARSE_NODE_BYTES + 24 + 24;

  /** An inode's share of a node, if ids are dense. */
  private static final int SPARSE_SHARE_BYTES = 5;

  /** A {@code StoredSnapshot} with its places by id and by name, and a name of common length. */
  public static final int SNAPSHOT_BYTES = 64 + 64 + 56 + 104 + 3 * 90;

  /** The origin of a clone, by its id. */
  public static final int ORIGIN_BYTES = 32 + 24 + 24 + 12;

  /** A {@code Delta}. */
  public static final int DELTA_BYTES = 512;

  /** An {@code InodeDifference} with its place in a delta and the attributes that it keeps. */
  public static final int DIFFERENCE_BYTES = 200 + 112 + 88 + EXTRA_BYTES;

  /** An entry in a difference, with its cookie but without its name. */
  private static final int DIFFERENCE_ENTRY_BYTES = 48 + 24 + 32 + 24;

  /** A named state. */
  public static final int STATE_BYTES = 512;

  /** An empty volume, including its root. */
  public static final int VOLUME_BYTES = 12 << 10;

  /** What an attribute, or an entry of an ACL, takes in addition to its bytes. */
  private static final int ATTACHMENT_BYTES = 112;

  private HeapCost() {}

  private static long padded(long bytes) {
    return (bytes + 7) & ~7;
  }

  private static long array(int bytes) {
    return padded(16 + bytes);
  }

  /** An inode with its link's target or its empty directory, but without its map. */
  public static long of(VolumeInode inode) {
    byte[] target = inode.targetOrNull();
    return INODE_BYTES
        + (inode.isDirectory() ? DIRECTORY_BYTES : 0)
        + (inode.madeExclusively() ? EXTRA_BYTES : 0)
        + (target == null ? 0 : array(target.length));
  }

  /** What {@code InodeDifference} keeps of an inode, without contents and entries. */
  public static long ofDifference(VolumeInode inode) {
    return DIFFERENCE_BYTES + of(inode.attachments());
  }

  /** The same in an {@code InodeDifference}. */
  public static long ofKeptEntry(Name name) {
    return DIFFERENCE_ENTRY_BYTES + (name == null ? 0 : array(name.lengthBytes()));
  }

  /**
   * The most that a snapshot takes in addition to the copies: itself, a clone, its name, a
   * directory.
   */
  public static long ofSnapshot() {
    return SNAPSHOT_BYTES
        + ORIGIN_BYTES
        + INODE_BYTES
        + DIRECTORY_BYTES
        + ofNewEntry()
        + 4 * SPARSE_NODE_BYTES;
  }

  public static long of(Attachments attachments) {
    if (attachments.equals(Attachments.NONE)) {
      return 0;
    }
    int items = attachments.extended().entries().size();
    int entries = attachments.acl() == null ? 0 : attachments.acl().entries().size();
    return EXTRA_BYTES + attachments.sizeBytes() + (long) (items + entries + 1) * ATTACHMENT_BYTES;
  }

  /** The most that a new inode of a kind takes, including places in tables. */
  public static long ofNew(FileType type, int targetBytes) {
    long content =
        switch (type) {
          case REGULAR -> FileMap.HEAP_BYTES;
          case DIRECTORY -> DIRECTORY_BYTES;
          case SYMBOLIC_LINK -> array(targetBytes);
          default -> 0;
        };
    return INODE_BYTES + EXTRA_BYTES + content + 2 * SPARSE_NODE_BYTES + InodeIndex.CHUNK_BYTES;
  }

  /** The most that a new volume takes, including its root. */
  public static long ofNewVolume() {
    return VOLUME_BYTES + ofNew(FileType.DIRECTORY, 0) + ofNewEntry() + DELTA_BYTES;
  }

  /** The most that a new name of an inode takes of the heap. */
  public static long ofNewEntry() {
    return NameTable.CHUNK_BYTES + 2 * SPARSE_NODE_BYTES;
  }

  /** The most that a copy of an inode takes, without its entries. */
  public static long ofCopy(VolumeInode inode) {
    return of(inode)
        + of(inode.attachments())
        + 2 * SPARSE_SHARE_BYTES
        + 2 * Integer.BYTES
        + (inode.isRegular() ? FileMap.HEAP_BYTES : 0);
  }

  /** A small file with a name, among many others. Free room is counted in such files. */
  public static long ofCommonFile() {
    return INODE_BYTES + FileMap.HEAP_BYTES + 2 * Integer.BYTES + 2 * SPARSE_SHARE_BYTES;
  }
}
