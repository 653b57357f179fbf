/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

/** Bits of {@link CloneCall#flags}. */
public final class CloneFlags {
  /** Fast clone; makes the destination if it is missing. */
  public static final int LAZY = 0x1;

  /** Check everything, change nothing, make no job. */
  public static final int DRY_RUN = 0x2;

  /** Fail with {@link VaaiStatus#EXIST} if the destination exists. */
  public static final int GUARDED = 0x4;

  /** The source belongs to the export of another session of the caller. */
  public static final int OTHER_VOLUME = 0x8;

  /** All bits that version 1 has. */
  public static final int ALL = LAZY | DRY_RUN | GUARDED | OTHER_VOLUME;

  private CloneFlags() {}
}
