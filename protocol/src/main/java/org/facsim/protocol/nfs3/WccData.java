/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * Weak cache consistency data, RFC 1813 section 2.6: {@code wcc_data}.
 *
 * @param before taken inside the operation, or null
 * @param after taken inside the operation, or null
 */
public record WccData(WccAttr before, Fattr3 after) {
  /** Neither side known. */
  public static final WccData NONE = new WccData(null, null);

  public static WccData decode(ByteBuf in) {
    WccAttr before = Xdr.readBoolean(in) ? WccAttr.decode(in) : null;
    Fattr3 after = Fattr3.decodePostOp(in);
    return before == null && after == null ? NONE : new WccData(before, after);
  }

  public void encode(ByteBuf out) {
    Xdr.writeBoolean(out, before != null);
    if (before != null) {
      before.encode(out);
    }
    Fattr3.encodePostOp(out, after);
  }
}
