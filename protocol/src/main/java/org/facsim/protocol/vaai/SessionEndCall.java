/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;

/** {@code vaai_end_args}. */
public record SessionEndCall(SessionId session) implements VaaiMessage {
  public SessionEndCall {
    Objects.requireNonNull(session);
  }

  @Override
  public void encode(ByteBuf out) {
    session.encode(out);
  }

  public static SessionEndCall decode(ByteBuf in) {
    return new SessionEndCall(SessionId.decode(in));
  }
}
