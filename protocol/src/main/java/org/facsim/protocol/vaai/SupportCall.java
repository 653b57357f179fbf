/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_support_args}.
 *
 * @param session on the export that the query is about
 * @param primitiveCode the number of a {@link VaaiPrimitive}, or one of a later version
 */
public record SupportCall(SessionId session, int primitiveCode) implements VaaiMessage {
  public SupportCall {
    Objects.requireNonNull(session);
  }

  public SupportCall(SessionId session, VaaiPrimitive primitive) {
    this(session, primitive.code());
  }

  @Override
  public void encode(ByteBuf out) {
    session.encode(out);
    out.writeInt(primitiveCode);
  }

  public static SupportCall decode(ByteBuf in) {
    return new SupportCall(SessionId.decode(in), Xdr.readInt(in));
  }
}
