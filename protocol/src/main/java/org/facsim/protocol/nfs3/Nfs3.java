/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** Numbers of the NFSv3 protocol, RFC 1813. */
public final class Nfs3 {
  /** The RPC program. */
  public static final int PROGRAM = 100003;

  public static final int VERSION = 3;

  /** The port clients try first. */
  public static final int DEFAULT_PORT = 2049;

  /** The procedure that does nothing. */
  public static final int NULL = 0;

  /** How many procedures there are, NULL included. */
  public static final int PROCEDURES = 22;

  /** The most bytes of data in one READ or WRITE, also what FSINFO advertises. */
  public static final int MAX_TRANSFER_BYTES = 1 << 20;

  /** ACCESS: read data, or list a directory. */
  public static final int ACCESS_READ = 0x01;

  /** ACCESS: look names up. */
  public static final int ACCESS_LOOKUP = 0x02;

  /** ACCESS: rewrite data, or change names. */
  public static final int ACCESS_MODIFY = 0x04;

  /** ACCESS: append data, or add names. */
  public static final int ACCESS_EXTEND = 0x08;

  /** ACCESS: remove names. */
  public static final int ACCESS_DELETE = 0x10;

  /** ACCESS: run a file. */
  public static final int ACCESS_EXECUTE = 0x20;

  /** FSINFO: the file system has hard links. */
  public static final int PROPERTY_LINK = 0x01;

  /** FSINFO: the file system has symbolic links. */
  public static final int PROPERTY_SYMLINK = 0x02;

  /** FSINFO: PATHCONF is the same for every object. */
  public static final int PROPERTY_HOMOGENEOUS = 0x08;

  /** FSINFO: SETATTR can set the times. */
  public static final int PROPERTY_CAN_SET_TIME = 0x10;

  private Nfs3() {}

  /** Variable-length opaque data; leaves the indexes of {@code data} alone. */
  static void encodeData(ByteBuf out, ByteBuf data) {
    int lengthBytes = data.readableBytes();
    out.writeInt(lengthBytes);
    out.writeBytes(data, data.readerIndex(), lengthBytes);
    out.writeZero(Xdr.paddingBytes(lengthBytes));
  }
}
