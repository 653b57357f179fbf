/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/**
 * Clones within one volume: of whole files, ranges and trees, and contents that are built aside.
 * Thread-safe; each mutation is one critical section.
 */
public interface VolumeClones {
  /**
   * Gives the destination exactly the source's contents and size by sharing its blocks: O(1),
   * atomic for every observer, zero new blocks. What the destination held is released.
   *
   * @throws ArrayException CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (read on the
   *     source, write on the destination), INVALID_ARGUMENT (source is destination)
   */
  Mutation cloneFile(Caller caller, Inode source, Inode destination);

  /**
   * Shares a range of whole blocks, holes included, atomically for every observer, as CLONE of RFC
   * 7862. The destination grows if the range ends beyond its size. If the range ends at the
   * source's end within a block and the destination goes on, the rest of that block becomes zeros
   * there. What the destination held in the range is released; its promised space is kept.
   *
   * @param sourceOffsetBytes a multiple of {@link Volume#BLOCK_BYTES}
   * @param destinationOffsetBytes likewise
   * @param lengthBytes likewise, unless the range ends exactly at the source's end; 0: to the
   *     source's end
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
   * As {@link #cloneFile}, by way of a cloning snapshot of the source: one made for it, or the last
   * one if nothing has changed since. The snapshot stays until its last clone is gone, the source
   * may go before; {@link VolumeSnapshots#originOf} and {@link #cloneDepth} know of it.
   *
   * @throws ArrayException as {@link #cloneFile}; NO_SPACE (inodes; {@link Volume#MAX_SNAPSHOTS})
   */
  Mutation cloneFileWithSnapshot(Caller caller, Inode source, Inode destination);

  /**
   * Makes a regular file with the contents and size of another by sharing its blocks: O(1), zero
   * new data blocks. One critical section: an observer sees no file or the whole clone.
   *
   * @param wanted attributes of the new file as for {@link VolumeNames#create}, but no size
   * @throws ArrayException EXISTS, CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (read on
   *     the source, write and search on the directory), NOT_DIRECTORY, NAME_TOO_LONG,
   *     INVALID_ARGUMENT, NO_SPACE (inodes)
   */
  Volume.Created cloneAs(
      Caller caller, Inode source, Inode directory, Name name, AttributeChanges wanted);

  /** As {@link #cloneAs}, by way of a cloning snapshot as {@link #cloneFileWithSnapshot}. */
  Volume.Created cloneAsWithSnapshot(
      Caller caller, Inode source, Inode directory, Name name, AttributeChanges wanted);

  /**
   * Clones a directory with everything below it, as an array's own console clones a virtual
   * machine: regular files become clones of the source's, the rest is copied, under fresh file ids
   * and with the source's attributes (times too, but for the change time). One critical section: an
   * observer sees no tree or the whole tree. Several names of one file within the tree lead to one
   * clone. A caller that is not root owns the copies himself.
   *
   * @throws ArrayException EXISTS, ACCESS_DENIED (read and search on the source, write and search
   *     on the parent), NOT_DIRECTORY, INVALID_ARGUMENT (the parent lies in the source; more than
   *     {@link Volume#MAX_TREE_INODES} inodes), NO_SPACE (inodes), TOO_MANY_LINKS, CROSS_VOLUME
   */
  Volume.Created cloneTree(
      Caller caller, Inode sourceDirectory, Inode parentDirectory, Name newName);

  /**
   * How many clones made by way of snapshots lead to a file, one from the other: 1 for a clone of
   * an original, 2 for a clone of that; 0 for what came from no snapshot. A link that is gone, with
   * the clones that held it, does not count.
   *
   * @throws ArrayException STALE
   */
  int cloneDepth(Inode file);

  /**
   * Makes an empty regular file that no name leads to, for contents that are built aside: mode
   * 0600, owned by the caller, held once as by {@link VolumeFiles#hold}. It is gone with its {@link
   * VolumeFiles#release}, and after a restart.
   *
   * @throws ArrayException NO_SPACE (inodes), STALE
   */
  Inode createUnnamed(Caller caller);

  /**
   * Exchanges contents and sizes of two regular files: O(1), atomic for every observer. Everything
   * else of them stays, but space promised to the destination's blocks stays promised to it where
   * its new contents still need it. Blocks go on being charged together with the contents.
   *
   * @return what happened to the destination
   * @throws ArrayException CROSS_VOLUME, WRONG_TYPE, IS_DIRECTORY, ACCESS_DENIED (write on both),
   *     INVALID_ARGUMENT (one file), READ_ONLY, STALE
   */
  Mutation exchangeContents(Caller caller, Inode from, Inode destination);
}
