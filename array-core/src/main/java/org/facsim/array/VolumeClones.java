/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * Clones within one volume: of whole files, of ranges and of trees, and contents that are built
 * aside. Thread-safe. Each mutation is one critical section.
 */
public interface VolumeClones {
  /**
   * Gives the destination exactly the source's contents and size by sharing its blocks. It takes
   * O(1) and no block, and is atomic for every observer. What the destination mapped before is
   * released.
   *
   * @throws ArrayException CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (read on the
   *     source, write on the destination), INVALID_ARGUMENT (source is destination)
   */
  Mutation cloneFile(Caller caller, Inode source, Inode destination);

  /**
   * Shares a range of whole blocks, including holes, as CLONE of RFC 7862 does, and is atomic for
   * every observer. The destination grows if the range ends beyond its size. If the range ends at
   * the source's end within a block, and the destination goes on behind it, the rest of that block
   * becomes zeros there. What the destination mapped in the range is released. Its reservations
   * stay.
   *
   * @param sourceOffsetBytes a multiple of {@link Volume#BLOCK_BYTES}
   * @param destinationOffsetBytes likewise
   * @param lengthBytes likewise, unless the range ends exactly at the source's end; 0 means up to
   *     the source's end
   * @throws ArrayException WRONG_TYPE (also for directories), CROSS_VOLUME, ACCESS_DENIED (read on
   *     the source, write on the destination), INVALID_ARGUMENT (not aligned, beyond the source's
   *     end, overlapping in one file), FILE_TOO_LARGE, NO_SPACE (direct memory), STALE
   */
  Mutation cloneRange(
      Caller caller,
      Inode source,
      long sourceOffsetBytes,
      Inode destination,
      long destinationOffsetBytes,
      long lengthBytes);

  /**
   * Clones like {@link #cloneFile}, by way of an automatic snapshot of the source. The array takes
   * a new one unless nothing has changed since the last one. The snapshot stays until its last
   * clone is gone, even if the source goes before. {@link VolumeSnapshots#originOf} and {@link
   * #cloneDepth} count it.
   *
   * @throws ArrayException as {@link #cloneFile}; NO_SPACE (inodes; {@link Volume#MAX_SNAPSHOTS})
   */
  Mutation cloneFileWithSnapshot(Caller caller, Inode source, Inode destination);

  /**
   * Makes a regular file with the contents and size of another one by sharing its blocks. It takes
   * O(1) and no block. An observer sees no file or the whole clone.
   *
   * @param wanted attributes of the new file, as for {@link VolumeNames#create}, but without a size
   * @throws ArrayException EXISTS, CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (read on
   *     the source, write and search on the directory), NOT_DIRECTORY, NAME_TOO_LONG,
   *     INVALID_ARGUMENT, NO_SPACE (inodes)
   */
  Volume.Created cloneAs(
      Caller caller, Inode source, Inode directory, Name name, AttributeChanges wanted);

  /** Clones like {@link #cloneAs}, by way of a snapshot like {@link #cloneFileWithSnapshot}. */
  Volume.Created cloneAsWithSnapshot(
      Caller caller, Inode source, Inode directory, Name name, AttributeChanges wanted);

  /**
   * Clones a directory with everything below it, as an array's own console clones a virtual
   * machine. Regular files become clones of the source's files, and everything else is copied. All
   * of it gets new file ids and the source's attributes, except the change time. An observer sees
   * no tree or the whole tree. If a file has several names in the tree, they lead to one clone. If
   * the caller is not root, the caller owns the copies.
   *
   * @throws ArrayException EXISTS, ACCESS_DENIED (read and search on the source, write and search
   *     on the parent), NOT_DIRECTORY, INVALID_ARGUMENT (the parent lies in the source; more than
   *     {@link Volume#MAX_TREE_INODES} inodes), NO_SPACE (inodes), TOO_MANY_LINKS, CROSS_VOLUME
   */
  Volume.Created cloneTree(
      Caller caller, Inode sourceDirectory, Inode parentDirectory, Name newName);

  /**
   * How long the chain of clones is that leads to a file by way of snapshots: 1 for the clone of an
   * original, 2 for a clone of that clone, 0 for a file that came from no snapshot. Snapshots in
   * the chain that are gone do not count.
   *
   * @throws ArrayException STALE
   */
  int cloneDepth(Inode file);

  /**
   * Makes an empty regular file to which no name leads, for contents that are built aside. It has
   * mode 0600, the caller owns it, and it is held once, as by {@link VolumeFiles#hold}. It is gone
   * after {@link VolumeFiles#release}, and after a restart.
   *
   * @throws ArrayException NO_SPACE (inodes), STALE
   */
  Inode createUnnamed(Caller caller);

  /**
   * Exchanges contents and sizes of two regular files. It takes O(1), and is atomic for every
   * observer. All other attributes stay. The destination keeps its reservations where its new
   * contents still need them. The charges of blocks move with the contents.
   *
   * @return what happened to the destination
   * @throws ArrayException CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (write on both),
   *     INVALID_ARGUMENT (one file), READ_ONLY, STALE
   */
  Mutation exchangeContents(Caller caller, Inode from, Inode destination);
}
