/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** {@code sessionid4}: 16 opaque bytes, as two words. */
public record SessionId4(long high, long low) {
  public static SessionId4 read(ByteBuf in) {
    return new SessionId4(Xdr.readLong(in), Xdr.readLong(in));
  }

  public void write(ByteBuf out) {
    out.writeLong(high).writeLong(low);
  }

  @Override
  public String toString() {
    return "%016x%016x".formatted(high, low);
  }
}
