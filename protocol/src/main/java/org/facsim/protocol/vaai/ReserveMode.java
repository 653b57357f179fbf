/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** {@code vaai_reserve_mode}: the two kinds of thick disk. */
public enum ReserveMode {
  /** Space is reserved; blocks read as zeros until they are written. */
  LAZY_ZEROED,
  /** Space is allocated and zeroed before the call is answered. */
  EAGER_ZEROED;

  void encode(ByteBuf out) {
    out.writeInt(
        switch (this) {
          case LAZY_ZEROED -> 0;
          case EAGER_ZEROED -> 1;
        });
  }

  static ReserveMode decode(ByteBuf in) {
    int code = Xdr.readInt(in);
    return switch (code) {
      case 0 -> LAZY_ZEROED;
      case 1 -> EAGER_ZEROED;
      default -> throw new XdrException("vaai_reserve_mode " + code);
    };
  }
}
