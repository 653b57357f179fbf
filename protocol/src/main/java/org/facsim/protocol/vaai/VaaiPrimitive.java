/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import java.util.Optional;

/** {@code vaai_primitive}: what a host can ask the array to do in its place. */
public enum VaaiPrimitive {
  /** Full file clone within the volume. */
  FULL_CLONE(1),
  /** Fast file clone, native snapshot. */
  LAZY_CLONE(2),
  EXTENDED_STATISTICS(3),
  RESERVE_SPACE(4),
  /** Full file clone from another volume of the same array. */
  CLONE_ACROSS_VOLUMES(5),
  /** Unmaps ranges of a file, and tells in which granularity; from version 2 on. */
  UNMAP_RANGES(6);

  private final int code;

  VaaiPrimitive(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The first version of the program in which SUPPORT knows it. */
  public int sinceVersion() {
    return this == UNMAP_RANGES ? VaaiNas.VERSION_2 : VaaiNas.VERSION;
  }

  /** Empty for a number that this version does not have: such a primitive is not supported. */
  public static Optional<VaaiPrimitive> ofCode(int code) {
    for (VaaiPrimitive primitive : values()) {
      if (primitive.code == code) {
        return Optional.of(primitive);
      }
    }
    return Optional.empty();
  }
}
