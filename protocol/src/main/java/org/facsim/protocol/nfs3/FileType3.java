/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** What an object is, RFC 1813 section 2.5.1: {@code ftype3}. */
public enum FileType3 {
  REGULAR(1),
  DIRECTORY(2),
  BLOCK_DEVICE(3),
  CHARACTER_DEVICE(4),
  SYMBOLIC_LINK(5),
  SOCKET(6),
  FIFO(7);

  private static final FileType3[] ALL = values();

  private final int code;

  FileType3(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  public static FileType3 decode(ByteBuf in) {
    int code = Xdr.readInt(in);
    if (code < 1 || code > ALL.length) {
      throw new XdrException("ftype3 of value " + code);
    }
    return ALL[code - 1];
  }

  public void encode(ByteBuf out) {
    out.writeInt(code);
  }
}
