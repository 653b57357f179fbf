/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.Optional;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_clone_args}.
 *
 * @param session on the destination's export
 * @param requestId one per request, growing within the session, unsigned; the same in a
 *     retransmission
 * @param flags of {@link CloneFlags}
 * @param sourceSession given if and only if {@link CloneFlags#OTHER_VOLUME} is set
 * @param source a regular file
 * @param destination must exist for a full clone
 */
public record CloneCall(
    SessionId session,
    long requestId,
    int flags,
    Optional<SessionId> sourceSession,
    VaaiFile source,
    VaaiFile destination)
    implements VaaiMessage {
  public CloneCall {
    Objects.requireNonNull(session);
    Objects.requireNonNull(sourceSession);
    Objects.requireNonNull(source);
    Objects.requireNonNull(destination);
  }

  /** A clone within the session's export. */
  public static CloneCall within(
      SessionId session, long requestId, VaaiFile source, VaaiFile destination, int flags) {
    return new CloneCall(session, requestId, flags, Optional.empty(), source, destination);
  }

  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  @Override
  public void encode(ByteBuf out) {
    session.encode(out);
    out.writeLong(requestId);
    out.writeInt(flags);
    Xdr.writeBoolean(out, sourceSession.isPresent());
    sourceSession.ifPresent(id -> id.encode(out));
    source.encode(out);
    destination.encode(out);
  }

  public static CloneCall decode(ByteBuf in) {
    return new CloneCall(
        SessionId.decode(in),
        Xdr.readLong(in),
        Xdr.readInt(in),
        Xdr.readBoolean(in) ? Optional.of(SessionId.decode(in)) : Optional.empty(),
        VaaiFile.decode(in),
        VaaiFile.decode(in));
  }
}
