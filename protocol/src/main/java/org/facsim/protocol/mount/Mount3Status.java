/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.mount;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** The status of MNT, RFC 1813 section 5.1.5: {@code mountstat3}. */
public enum Mount3Status {
  OK(0),
  PERM(1),
  NOENT(2),
  IO(5),
  ACCES(13),
  NOTDIR(20),
  INVAL(22),
  NAMETOOLONG(63),
  NOTSUPP(10004),
  SERVERFAULT(10006);

  private static final Mount3Status[] ALL = values();

  private final int code;

  Mount3Status(int code) {
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
  public static Mount3Status of(int code) {
    for (Mount3Status status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("status " + code);
  }

  public static Mount3Status decode(ByteBuf in) {
    int code = Xdr.readInt(in);
    for (Mount3Status status : ALL) {
      if (status.code == code) {
        return status;
      }
    }
    throw new XdrException("mountstat3 of value " + code);
  }

  public void encode(ByteBuf out) {
    out.writeInt(code);
  }
}
