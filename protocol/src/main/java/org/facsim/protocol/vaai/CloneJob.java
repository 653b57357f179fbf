/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.facsim.protocol.xdr.Xdr;

/**
 * {@code vaai_job}: a clone job at one moment.
 *
 * @param jobId of the session; 0 for a dry run
 * @param state the job's state
 * @param outcome OK until the state says otherwise
 * @param reason why the job is in this state
 * @param totalBytes the source's size
 * @param doneBytes never shrinks; totalBytes on success
 * @param sharedBytes those of the done bytes that are shared and took no space
 * @param copiedBytes those of the done bytes that were copied inside the array
 * @param destination handle of the destination; empty for a dry run
 */
public record CloneJob(
    long jobId,
    JobState state,
    VaaiStatus outcome,
    String reason,
    long totalBytes,
    long doneBytes,
    long sharedBytes,
    long copiedBytes,
    Opaque destination)
    implements VaaiMessage {
  public CloneJob {
    Objects.requireNonNull(state);
    Objects.requireNonNull(outcome);
    reason = VaaiReply.cutReason(reason);
    destination.atMost(VaaiNas.MAX_HANDLE, "handle");
  }

  @Override
  public void encode(ByteBuf out) {
    out.writeLong(jobId);
    state.encode(out);
    outcome.encode(out);
    Xdr.writeString(out, reason);
    out.writeLong(totalBytes).writeLong(doneBytes).writeLong(sharedBytes).writeLong(copiedBytes);
    destination.encode(out);
  }

  public static CloneJob decode(ByteBuf in) {
    return new CloneJob(
        Xdr.readLong(in),
        JobState.decode(in),
        VaaiStatus.decode(in),
        Text.read(in, VaaiNas.MAX_REASON),
        Xdr.readUnsignedLongSaturated(in),
        Xdr.readUnsignedLongSaturated(in),
        Xdr.readUnsignedLongSaturated(in),
        Xdr.readUnsignedLongSaturated(in),
        Opaque.decode(in, VaaiNas.MAX_HANDLE));
  }
}
