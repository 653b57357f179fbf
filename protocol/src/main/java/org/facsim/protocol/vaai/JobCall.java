/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_job_args}: which job a clone status or a clone abort is about.
 *
 * @param session the session in which the clone was requested
 * @param jobId the id that the clone call returned
 */
public record JobCall(SessionId session, long jobId) implements VaaiMessage {
  public JobCall {
    Objects.requireNonNull(session);
  }

  @Override
  public void encode(ByteBuf out) {
    session.encode(out);
    out.writeLong(jobId);
  }

  public static JobCall decode(ByteBuf in) {
    return new JobCall(SessionId.decode(in), Xdr.readLong(in));
  }
}
