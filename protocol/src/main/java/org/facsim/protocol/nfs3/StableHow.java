/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** How safe written data is, RFC 1813 section 3.3.7. */
public enum StableHow {
  /** The data may be in memory only, until COMMIT. */
  UNSTABLE(0),
  /** The data is on stable storage. */
  DATA_SYNC(1),
  /** Data and metadata are on stable storage. */
  FILE_SYNC(2);

  private static final StableHow[] ALL = values();

  private final int code;

  StableHow(int code) {
    this.code = code;
  }

  /** The number on the wire. */
  public int code() {
    return code;
  }

  public static StableHow decode(ByteBuf in) {
    int code = Xdr.readInt(in);
    if (code < 0 || code >= ALL.length) {
      throw new XdrException("stable_how of value " + code);
    }
    return ALL[code];
  }

  public void encode(ByteBuf out) {
    out.writeInt(code);
  }
}
