/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

/** Numbers of {@code vaai_nas.x}: the program, its procedures and the bounds of its items. */
public final class VaaiNas {
  /** The program number, in the range that RFC 5531 leaves to users. */
  public static final int PROGRAM = 0x2FAC5100;

  /** The version that has everything but UNMAP. */
  public static final int VERSION = 1;

  /** The version that has UNMAP, and everything of version 1 as it is there. */
  public static final int VERSION_2 = 2;

  public static final int PROC_NULL = 0;
  public static final int PROC_SESSION_START = 1;
  public static final int PROC_SESSION_END = 2;
  public static final int PROC_SUPPORT = 3;
  public static final int PROC_CLONE = 4;
  public static final int PROC_CLONE_STATUS = 5;
  public static final int PROC_CLONE_ABORT = 6;
  public static final int PROC_RESERVE = 7;
  public static final int PROC_STATX = 8;

  /** From version 2 on. */
  public static final int PROC_UNMAP_GRANULARITY = 9;

  /** From version 2 on. */
  public static final int PROC_UNMAP = 10;

  /** The protocol version that a session start names over version 1 of the program. */
  public static final int PROTOCOL_VERSION = 1;

  /** The protocol version that a session start names over version 2 of the program. */
  public static final int PROTOCOL_VERSION_2 = 2;

  /** Bounds, in bytes. */
  public static final int MAX_PATH = 1024;

  public static final int MAX_NAME = 255;
  public static final int MAX_HANDLE = 64;
  public static final int MAX_CLIENT = 255;
  public static final int MAX_REASON = 255;

  /** The most ranges of one UNMAP. */
  public static final int MAX_RANGES = 256;

  private VaaiNas() {}
}
