/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * {@code vaai_unmap_args}.
 *
 * @param session on the file's export
 * @param requestId as in {@link CloneCall}
 * @param file a regular file
 * @param ranges at most {@link VaaiNas#MAX_RANGES}, in any order
 */
public record UnmapCall(SessionId session, long requestId, VaaiFile file, List<VaaiRange> ranges)
    implements VaaiMessage {
  public UnmapCall {
    Objects.requireNonNull(session);
    Objects.requireNonNull(file);
    ranges = List.copyOf(ranges);
    if (ranges.size() > VaaiNas.MAX_RANGES) {
      throw new IllegalArgumentException(
          ranges.size() + " ranges; allowed: at most " + VaaiNas.MAX_RANGES);
    }
  }

  @Override
  public void encode(ByteBuf out) {
    session.encode(out);
    out.writeLong(requestId);
    file.encode(out);
    out.writeInt(ranges.size());
    ranges.forEach(range -> range.encode(out));
  }

  /**
   * Reads it.
   *
   * @throws XdrException if there are more ranges than are allowed
   */
  public static UnmapCall decode(ByteBuf in) {
    SessionId session = SessionId.decode(in);
    long requestId = Xdr.readLong(in);
    VaaiFile file = VaaiFile.decode(in);
    long count = Xdr.readUnsignedInt(in);
    if (count > VaaiNas.MAX_RANGES) {
      throw new XdrException(count + " ranges, at most " + VaaiNas.MAX_RANGES);
    }
    List<VaaiRange> ranges = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      ranges.add(VaaiRange.decode(in));
    }
    return new UnmapCall(session, requestId, file, ranges);
  }
}
