/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** The status of an NFSv3 reply, RFC 1813 section 2.6: {@code nfsstat3}. */
public enum Nfs3Status {
  OK(0),
  PERM(1),
  NOENT(2),
  IO(5),
  NXIO(6),
  ACCES(13),
  EXIST(17),
  XDEV(18),
  NODEV(19),
  NOTDIR(20),
  ISDIR(21),
  INVAL(22),
  FBIG(27),
  NOSPC(28),
  ROFS(30),
  MLINK(31),
  NAMETOOLONG(63),
  NOTEMPTY(66),
  DQUOT(69),
  STALE(70),
  REMOTE(71),
  BADHANDLE(10001),
  NOT_SYNC(10002),
  BAD_COOKIE(10003),
  NOTSUPP(10004),
  TOOSMALL(10005),
  SERVERFAULT(10006),
  BADTYPE(10007),
  JUKEBOX(10008);

  private static final Nfs3Status[] ALL = values();

  private final int code;

  Nfs3Status(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  /**
   * The one of a number.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Nfs3Status of(int code) {
    for (Nfs3Status status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("status " + code);
  }

  public static Nfs3Status decode(ByteBuf in) {
    int code = Xdr.readInt(in);
    if (code == 0) {
      return OK;
    }
    for (Nfs3Status status : ALL) {
      if (status.code == code) {
        return status;
      }
    }
    throw new XdrException("nfsstat3 of value " + code);
  }

  public void encode(ByteBuf out) {
    out.writeInt(code);
  }
}
