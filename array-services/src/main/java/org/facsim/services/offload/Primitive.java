/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** What a host can ask the array to do in its place. */
public enum Primitive {
  /** A full file clone within the volume. */
  FULL_CLONE,
  /** A fast file clone, also called a native snapshot. */
  FAST_CLONE,
  EXTENDED_STATISTICS,
  RESERVE_SPACE,
  /** A full file clone from another volume of the same array. */
  CLONE_ACROSS_VOLUMES,
  /** Unmapping ranges of a file, whose space comes back; and the query for its granularity. */
  UNMAP
}
