/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_range}: a part of a file. Any two numbers may come from the wire.
 *
 * @param offsetBytes unsigned
 * @param lengthBytes unsigned
 */
public record VaaiRange(long offsetBytes, long lengthBytes) {
  void encode(ByteBuf out) {
    out.writeLong(offsetBytes);
    out.writeLong(lengthBytes);
  }

  static VaaiRange decode(ByteBuf in) {
    return new VaaiRange(Xdr.readLong(in), Xdr.readLong(in));
  }
}
