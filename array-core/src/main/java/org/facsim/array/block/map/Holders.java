/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.map;

/** Who holds a range of blocks, as {@link SharingWalk} finds it. */
public enum Holders {
  /** Nothing is mapped, neither in the map nor in the one that it is compared with. */
  HOLE,

  /** Only this map. Only found if one map is looked at. */
  PRIVATE,

  /** Another holder, too. If two maps are compared: both hold the same blocks at these offsets. */
  SHARED,

  /** Both maps have blocks here, but not the same ones. Only found if two maps are compared. */
  DIFFERENT,

  /** Only the first map has blocks here. Only found if two maps are compared. */
  FIRST,

  /** Only the second map has blocks here. Only found if two maps are compared. */
  SECOND
}
