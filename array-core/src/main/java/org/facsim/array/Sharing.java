/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

/** Who holds a range of a file's blocks, as {@link SpaceLedger#visitSharing} finds it. */
public enum Sharing {
  /** Nothing is mapped: neither in the file nor in the one that it is compared with. */
  HOLE,

  /** Only this file holds the blocks. Only found if one file is looked at. */
  PRIVATE,

  /**
   * Another file, a snapshot or a named state holds the blocks, too; contents that wait for reclaim
   * hold theirs until then. If two files are compared: both of them hold the same blocks at these
   * offsets.
   */
  SHARED,

  /** Both files map blocks here, but not the same ones. Only found if two files are compared. */
  DIFFERENT,

  /** Only the first file maps blocks here. Only found if two files are compared. */
  FIRST,

  /** Only the second file maps blocks here. Only found if two files are compared. */
  SECOND
}
