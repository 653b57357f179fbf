/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import java.net.InetAddress;
import org.facsim.array.Inode;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.Delegations;
import org.facsim.services.state.Holdings;
import org.facsim.services.state.Intent;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOutcome;
import org.facsim.services.state.LockOwner;
import org.facsim.services.state.LockTable;

/** LOCK and NM_LOCK. {@link NlmProgram} handles the difference between them. */
final class Lock implements NlmProcedure<NlmLockArgs> {
  private final Delegations delegations;
  private final LockTable table;
  private final GracePeriod grace;
  private final GrantCalls grants;

  Lock(Holdings holdings, GracePeriod grace, GrantCalls grants) {
    this.delegations = holdings.delegations();
    this.table = holdings.locks();
    this.grace = grace;
    this.grants = grants;
  }

  @Override
  public NlmLockArgs decode(ByteBuf in) {
    return NlmLockArgs.decode(in);
  }

  @Override
  public NlmReply perform(NlmCall call, NlmLockArgs args) {
    Inode file = call.fileToLock(args.lock().handle(), args.exclusive());
    ByteRange range = NlmCall.range(args.lock());
    NlmStatus refusal = refusal(call, args);
    if (refusal != null) {
      return failure(args, refusal);
    }
    delegations.require(file, args.exclusive() ? Intent.CHANGE : Intent.LOOK, null);
    LockOwner owner = call.owner(args.lock());
    LockMode mode = NlmCall.mode(args.exclusive());
    // a reclaim never waits: the holder of a conflicting lock reclaimed it first
    boolean wait = args.block() && !args.reclaim();
    NlmHost host = call.host(args.lock().callerName());
    InetAddress server = call.server();
    LockOutcome outcome =
        wait
            ? table.lockOrWait(
                file,
                owner,
                range,
                mode,
                held -> grants.granted(host, server, args.exclusive(), args.lock(), held))
            : table.lock(file, owner, range, mode);
    if (outcome instanceof LockOutcome.Granted) {
      grants.settle(file, owner, range);
    }
    return new NlmResult(args.cookie(), statusOf(outcome));
  }

  /** Why the grace period forbids this lock, or null. */
  NlmStatus refusal(NlmCall call, NlmLockArgs args) {
    return grace.refusal(call.host(args.lock().callerName()), args.reclaim());
  }

  private static NlmStatus statusOf(LockOutcome outcome) {
    if (outcome instanceof LockOutcome.Granted) {
      return NlmStatus.GRANTED;
    } else if (outcome instanceof LockOutcome.Waiting) {
      return NlmStatus.BLOCKED;
    } else if (outcome instanceof LockOutcome.Deadlock) {
      return NlmStatus.DEADLCK;
    } else if (outcome instanceof LockOutcome.Full) {
      return NlmStatus.DENIED_NOLOCKS;
    }
    return NlmStatus.DENIED;
  }

  @Override
  public NlmReply failure(NlmLockArgs args, NlmStatus status) {
    return new NlmResult(args.cookie(), status);
  }
}
