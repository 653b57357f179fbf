/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_reserve_args}.
 *
 * @param session on the file's export
 * @param requestId as in {@link CloneCall}
 * @param file a regular file
 * @param mode lazy or eager zeroed
 * @param sizeBytes from the start of the file; 0 = its present size
 */
public record ReserveCall(
    SessionId session, long requestId, VaaiFile file, ReserveMode mode, long sizeBytes)
    implements VaaiMessage {
  public ReserveCall {
    Objects.requireNonNull(session);
    Objects.requireNonNull(file);
    Objects.requireNonNull(mode);
  }

  @Override
  public void encode(ByteBuf out) {
    session.encode(out);
    out.writeLong(requestId);
    file.encode(out);
    mode.encode(out);
    out.writeLong(sizeBytes);
  }

  public static ReserveCall decode(ByteBuf in) {
    return new ReserveCall(
        SessionId.decode(in),
        Xdr.readLong(in),
        VaaiFile.decode(in),
        ReserveMode.decode(in),
        Xdr.readUnsignedLongSaturated(in));
  }
}
