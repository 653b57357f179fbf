/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_support_ok}.
 *
 * @param supported whether the primitive works on the session's volume
 * @param flags the {@link CloneFlags} that it takes
 * @param reason why it does not work; empty if it does
 */
public record SupportAnswer(boolean supported, int flags, String reason) implements VaaiMessage {
  public SupportAnswer {
    reason = VaaiReply.cutReason(reason);
  }

  @Override
  public void encode(ByteBuf out) {
    Xdr.writeBoolean(out, supported);
    out.writeInt(flags);
    Xdr.writeString(out, reason);
  }

  public static SupportAnswer decode(ByteBuf in) {
    return new SupportAnswer(
        Xdr.readBoolean(in), Xdr.readInt(in), Text.read(in, VaaiNas.MAX_REASON));
  }
}
