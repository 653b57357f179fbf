/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import java.util.function.Supplier;
import org.facsim.array.ArrayException;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Errors4;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;

/** Runs a request of an owner once: by the owner's sequence numbers in minor version 0. */
final class Owned {
  private Owned() {}

  /**
   * @param sequence null from minor version 1 on, where the session sees to it
   * @param operation the number of the operation
   * @param body appends the results behind the status; in the state's monitor
   */
  static Nfs4Status once(
      Nfs4State state,
      Compound compound,
      OwnerSequence sequence,
      int seqid,
      int operation,
      ByteBuf out,
      Supplier<Nfs4Status> body) {
    if (sequence == null) {
      return body.get();
    }
    int era = state.era();
    if (sequence.isReplay(seqid, operation, era)) {
      return sequence.replay(out);
    }
    if (sequence.isBusy()) {
      return Nfs4Status.DELAY;
    }
    sequence.require(seqid);
    int start = out.writerIndex();
    Nfs4Status status;
    try {
      status = body.get();
    } catch (Nfs4Exception e) {
      status = e.status();
    } catch (ArrayException e) {
      status = Errors4.statusOf(e.error(), compound.minorVersion());
    }
    if (!OwnerSequence.leavesAlone(status)) {
      executed(sequence, era, seqid, operation, status, out, start);
    }
    return status;
  }

  /** Remembers the answer, whose results begin at an index of the buffer. */
  static void executed(
      OwnerSequence sequence,
      int era,
      int seqid,
      int operation,
      Nfs4Status status,
      ByteBuf out,
      int start) {
    byte[] results = new byte[out.writerIndex() - start];
    out.getBytes(start, results);
    sequence.executed(seqid, operation, status, results, era);
  }
}
