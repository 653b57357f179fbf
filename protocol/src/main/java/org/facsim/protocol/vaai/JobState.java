/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** {@code vaai_job_state}. */
public enum JobState {
  /** No job was made: a dry run that found no fault. */
  NONE(0),
  QUEUED(1),
  RUNNING(2),
  SUCCEEDED(3),
  FAILED(4),
  ABORTED(5),
  /** The array restarted and did not resume it. */
  LOST(6);

  private final int code;

  JobState(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** Whether the job never leaves this state. */
  public boolean isFinal() {
    return code >= SUCCEEDED.code;
  }

  void encode(ByteBuf out) {
    out.writeInt(code);
  }

  static JobState decode(ByteBuf in) {
    int code = Xdr.readInt(in);
    for (JobState state : values()) {
      if (state.code == code) {
        return state;
      }
    }
    throw new XdrException("vaai_job_state " + code);
  }
}
