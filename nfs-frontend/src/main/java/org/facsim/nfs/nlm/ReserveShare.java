/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.nfs.lock.LockOutcome;
import org.facsim.nfs.lock.LockOwner;
import org.facsim.nfs.lock.LockTable;
import org.facsim.nfs.lock.ShareReservation;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmShareArgs;
import org.facsim.protocol.nlm.NlmShareResult;
import org.facsim.protocol.nlm.NlmStatus;

/** SHARE: advisory, as everything in NLM; it stands against other SHAREs only. */
final class ReserveShare implements NlmProcedure<NlmShareArgs> {
  private final LockTable table;
  private final GracePeriod grace;

  ReserveShare(LockTable table, GracePeriod grace) {
    this.table = table;
    this.grace = grace;
  }

  @Override
  public NlmShareArgs decode(ByteBuf in) {
    return NlmShareArgs.decode(in);
  }

  static LockOwner owner(NlmCall call, NlmShareArgs args) {
    return new LockOwner(call.host(args.callerName()), args.ownerHandle());
  }

  @Override
  public NlmReply perform(NlmCall call, NlmShareArgs args) {
    boolean toChange = (args.access() & NlmShareArgs.WRITE) != 0;
    Inode file = call.fileToLock(args.handle(), toChange);
    if (grace.isRunning() != args.reclaim()) {
      return failure(args, NlmStatus.DENIED_GRACE_PERIOD);
    }
    LockOutcome outcome =
        table.reserve(file, owner(call, args), new ShareReservation(args.access(), args.deny()));
    NlmStatus status =
        outcome instanceof LockOutcome.Granted
            ? NlmStatus.GRANTED
            : outcome instanceof LockOutcome.Full ? NlmStatus.DENIED_NOLOCKS : NlmStatus.DENIED;
    return failure(args, status);
  }

  @Override
  public NlmReply failure(NlmShareArgs args, NlmStatus status) {
    return new NlmShareResult(args.cookie(), status, 0);
  }
}
