/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmShareArgs;
import org.facsim.protocol.nlm.NlmShareResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Holdings;
import org.facsim.services.state.Intent;
import org.facsim.services.state.LockOutcome;
import org.facsim.services.state.LockOwner;
import org.facsim.services.state.OpenTable;
import org.facsim.services.state.ShareReservation;

/**
 * SHARE: a share reservation. Like everything in NLM, it is advisory: it conflicts only with other
 * reservations.
 */
final class Share implements NlmProcedure<NlmShareArgs> {
  private final Delegations delegations;
  private final OpenTable opens;
  private final GracePeriod grace;

  Share(Holdings holdings, GracePeriod grace) {
    this.delegations = holdings.delegations();
    this.opens = holdings.opens();
    this.grace = grace;
  }

  @Override
  public NlmShareArgs decode(ByteBuf in) {
    return NlmShareArgs.decode(in);
  }

  /** Why the grace period forbids this reservation, or null. */
  NlmStatus refusal(NlmCall call, NlmShareArgs args) {
    return grace.refusal(call.host(args.callerName()), args.reclaim());
  }

  static LockOwner owner(NlmCall call, NlmShareArgs args) {
    return new LockOwner(call.host(args.callerName()), new NlmShareOwner(args.ownerHandle()));
  }

  @Override
  public NlmReply perform(NlmCall call, NlmShareArgs args) {
    boolean toChange = (args.access() & NlmShareArgs.WRITE) != 0;
    Inode file = call.fileToLock(args.handle(), toChange);
    NlmStatus refusal = refusal(call, args);
    if (refusal != null) {
      return failure(args, refusal);
    }
    delegations.require(file, toChange ? Intent.CHANGE : Intent.LOOK, null);
    LockOutcome outcome =
        opens.reopen(file, owner(call, args), new ShareReservation(args.access(), args.deny()));
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
