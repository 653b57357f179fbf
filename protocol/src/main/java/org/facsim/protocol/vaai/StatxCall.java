/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/** {@code vaai_statx_args}: names the file whose space is queried. */
public record StatxCall(SessionId session, VaaiFile file) implements VaaiMessage {
  public StatxCall {
    Objects.requireNonNull(session);
    Objects.requireNonNull(file);
  }

  @Override
  public void encode(ByteBuf out) {
    session.encode(out);
    file.encode(out);
  }

  public static StatxCall decode(ByteBuf in) {
    return new StatxCall(SessionId.decode(in), VaaiFile.decode(in));
  }
}
