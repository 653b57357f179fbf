/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_granularity_ok}: what the array unmaps at a time.
 *
 * @param granularityBytes the unit of unmapping, counted from the start of the file
 * @param maxRanges the most ranges of one UNMAP, at most {@link VaaiNas#MAX_RANGES}
 */
public record UnmapGranularity(long granularityBytes, int maxRanges) implements VaaiMessage {
  @Override
  public void encode(ByteBuf out) {
    out.writeLong(granularityBytes);
    out.writeInt(maxRanges);
  }

  public static UnmapGranularity decode(ByteBuf in) {
    return new UnmapGranularity(Xdr.readLong(in), Xdr.readInt(in));
  }
}
