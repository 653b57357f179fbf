/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_reserve_ok}.
 *
 * @param reservedBytes how much is reserved now; if this is less than the request, the file stays
 *     thin
 */
public record ReservedSpace(long reservedBytes) implements VaaiMessage {
  @Override
  public void encode(ByteBuf out) {
    out.writeLong(reservedBytes);
  }

  public static ReservedSpace decode(ByteBuf in) {
    return new ReservedSpace(Xdr.readUnsignedLongSaturated(in));
  }
}
