/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.mount;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** Numbers of the MOUNT protocol, RFC 1813 section 5.1. */
public final class Mount {
  /** The RPC program. */
  public static final int PROGRAM = 100005;

  public static final int LOWEST_VERSION = 1;
  public static final int HIGHEST_VERSION = 3;

  /** The procedure that does nothing. */
  public static final int NULL = 0;

  /** Turns a path into a handle; {@link Mount.MountPath}, {@link Mnt3}, {@link Mnt1}. */
  public static final int MNT = 1;

  /** Lists which clients have mounted what; {@link MountDump}. */
  public static final int DUMP = 2;

  /** Removes one line from DUMP; {@link Mount.MountPath}, no result. */
  public static final int UMNT = 3;

  /** Removes all the caller's lines from DUMP; no arguments, no result. */
  public static final int UMNTALL = 4;

  /** Lists what can be mounted; {@link MountExports}. */
  public static final int EXPORT = 5;

  /** The longest path: {@code MNTPATHLEN}. */
  public static final int MAX_PATH_BYTES = 1024;

  /** The longest host or group name: {@code MNTNAMLEN}. */
  public static final int MAX_NAME_BYTES = 255;

  private Mount() {}

  /** The arguments of MNT and UMNT: {@code dirpath}, at most {@value #MAX_PATH_BYTES} bytes. */
  public record MountPath(String path) {
    public static MountPath decode(ByteBuf in) {
      return new MountPath(Xdr.readString(in, MAX_PATH_BYTES));
    }

    public void encode(ByteBuf out) {
      Xdr.writeString(out, path);
    }
  }
}
