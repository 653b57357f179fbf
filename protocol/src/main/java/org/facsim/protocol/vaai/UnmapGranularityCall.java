/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/** {@code vaai_granularity_args}: names the file that is to be unmapped. */
public record UnmapGranularityCall(SessionId session, VaaiFile file) implements VaaiMessage {
  public UnmapGranularityCall {
    Objects.requireNonNull(session);
    Objects.requireNonNull(file);
  }

  @Override
  public void encode(ByteBuf out) {
    session.encode(out);
    file.encode(out);
  }

  public static UnmapGranularityCall decode(ByteBuf in) {
    return new UnmapGranularityCall(SessionId.decode(in), VaaiFile.decode(in));
  }
}
