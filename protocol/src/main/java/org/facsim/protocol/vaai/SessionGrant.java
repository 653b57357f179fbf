/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_start_ok}.
 *
 * @param session names the session in every later call
 * @param root handle of the export's root directory
 * @param timeoutSeconds the time within which each call is answered
 * @param limits what the array enforces
 */
public record SessionGrant(
    SessionId session, Opaque root, long timeoutSeconds, SessionLimits limits)
    implements VaaiMessage {
  public SessionGrant {
    Objects.requireNonNull(session);
    Objects.requireNonNull(limits);
    root.atMost(VaaiNas.MAX_HANDLE, "handle");
  }

  @Override
  public void encode(ByteBuf out) {
    session.encode(out);
    root.encode(out);
    out.writeInt((int) timeoutSeconds);
    limits.encode(out);
  }

  public static SessionGrant decode(ByteBuf in) {
    return new SessionGrant(
        SessionId.decode(in),
        Opaque.decode(in, VaaiNas.MAX_HANDLE),
        Xdr.readUnsignedInt(in),
        SessionLimits.decode(in));
  }
}
