/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_unmap_ok}: what an UNMAP gave back.
 *
 * @param unmappedBytes that were mapped and are holes now
 * @param freedBytes of these, that no other file, snapshot or named state held
 * @param releasedBytes reservations of the ranges, which have ended
 */
public record UnmappedSpace(long unmappedBytes, long freedBytes, long releasedBytes)
    implements VaaiMessage {
  @Override
  public void encode(ByteBuf out) {
    out.writeLong(unmappedBytes);
    out.writeLong(freedBytes);
    out.writeLong(releasedBytes);
  }

  public static UnmappedSpace decode(ByteBuf in) {
    return new UnmappedSpace(Xdr.readLong(in), Xdr.readLong(in), Xdr.readLong(in));
  }
}
