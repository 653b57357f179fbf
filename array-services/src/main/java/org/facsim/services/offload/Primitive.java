/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/** What a host can ask the array to do in its place. */
public enum Primitive {
  /** Full file clone within the volume. */
  FULL_CLONE,
  /** Fast file clone, native snapshot. */
  LAZY_CLONE,
  EXTENDED_STATISTICS,
  RESERVE_SPACE,
  /** Full file clone from another volume of the same array. */
  CLONE_ACROSS_VOLUMES
}
