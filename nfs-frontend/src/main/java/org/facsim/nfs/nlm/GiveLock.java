/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.nfs.lock.ByteRange;
import org.facsim.nfs.lock.LockMode;
import org.facsim.nfs.lock.LockOwner;
import org.facsim.nfs.lock.LockTable;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmUnlockArgs;

/**
 * UNLOCK. GRANTED also if nothing was held, as the protocol has it; asked of nobody's permission,
 * because a client can only give up what is its own. Ends a wait for the same range, too.
 */
final class GiveLock implements NlmProcedure<NlmUnlockArgs> {
  private final LockTable table;
  private final GracePeriod grace;
  private final GrantCalls grants;

  GiveLock(LockTable table, GracePeriod grace, GrantCalls grants) {
    this.table = table;
    this.grace = grace;
    this.grants = grants;
  }

  @Override
  public NlmUnlockArgs decode(ByteBuf in) {
    return NlmUnlockArgs.decode(in);
  }

  @Override
  public NlmReply perform(NlmCall call, NlmUnlockArgs args) {
    Inode file = call.file(args.lock().handle());
    ByteRange range = NlmCall.range(args.lock());
    if (grace.isRunning()) {
      return failure(args, NlmStatus.DENIED_GRACE_PERIOD);
    }
    LockOwner owner = call.owner(args.lock());
    for (LockMode mode : LockMode.values()) {
      table.cancel(file, owner, range, mode);
    }
    grants.settle(file, owner, range);
    boolean done = table.unlock(file, owner, range);
    return new NlmResult(args.cookie(), done ? NlmStatus.GRANTED : NlmStatus.DENIED_NOLOCKS);
  }

  @Override
  public NlmReply failure(NlmUnlockArgs args, NlmStatus status) {
    return new NlmResult(args.cookie(), status);
  }
}
