/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * The attributes that show whether another client changed an object, RFC 1813 section 2.6: {@code
 * wcc_attr}.
 *
 * @param sizeBytes logical size
 * @param modifyTimeNanos since 1970
 * @param changeTimeNanos since 1970
 */
public record WccAttr(long sizeBytes, long modifyTimeNanos, long changeTimeNanos) {
  public static WccAttr decode(ByteBuf in) {
    return new WccAttr(Xdr.readUnsignedLongSaturated(in), Time3.decode(in), Time3.decode(in));
  }

  public void encode(ByteBuf out) {
    out.writeLong(sizeBytes);
    Time3.encode(out, modifyTimeNanos);
    Time3.encode(out, changeTimeNanos);
  }
}
