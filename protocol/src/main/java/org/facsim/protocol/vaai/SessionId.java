/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** {@code vaai_session}: 16 bytes that only the array interprets. */
public record SessionId(long high, long low) {
  void encode(ByteBuf out) {
    out.writeLong(high).writeLong(low);
  }

  static SessionId decode(ByteBuf in) {
    return new SessionId(Xdr.readLong(in), Xdr.readLong(in));
  }

  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}
