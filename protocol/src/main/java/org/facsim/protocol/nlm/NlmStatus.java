/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** {@code nlm4_stats}. */
public enum NlmStatus {
  GRANTED(0),
  /** Another owner holds a conflicting lock. */
  DENIED(1),
  /** The server has no room for more locks. */
  DENIED_NOLOCKS(2),
  /** The lock is not free; GRANTED will be called when it is. */
  BLOCKED(3),
  /** Only locks may be reclaimed now, or they no longer may. */
  DENIED_GRACE_PERIOD(4),
  /** Waiting would never end. */
  DEADLCK(5),
  ROFS(6),
  STALE_FH(7),
  /** The range goes beyond what a file can have. */
  FBIG(8),
  FAILED(9);

  private static final NlmStatus[] ALL = values();

  private final int code;

  NlmStatus(int code) {
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
  public static NlmStatus of(int code) {
    for (NlmStatus status : values()) {
      if (status.code == code) {
        return status;
      }
    }
    throw new IllegalArgumentException("status " + code);
  }

  public static NlmStatus decode(ByteBuf in) {
    int code = Xdr.readInt(in);
    if (code < 0 || code >= ALL.length) {
      throw new XdrException("nlm4_stats of value " + code);
    }
    return ALL[code];
  }

  public void encode(ByteBuf out) {
    out.writeInt(code);
  }
}
