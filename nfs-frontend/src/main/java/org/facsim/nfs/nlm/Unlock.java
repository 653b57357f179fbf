/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import java.util.Set;
import org.facsim.array.Inode;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmUnlockArgs;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockOwner;
import org.facsim.services.state.LockTable;

/**
 * UNLOCK. The answer is GRANTED even if nothing was held, as the protocol demands. No permission is
 * checked, because a client can only give up its own locks. UNLOCK also ends a wait for the same
 * range.
 *
 * <p>If a host unlocks with another owner handle than it locked with, the process id decides,
 * because Linux's lock manager distinguishes a host's owners only by that: the locks of the process
 * are freed. But if the exact owner holds anything of the file, only that owner's locks are freed.
 */
final class Unlock implements NlmProcedure<NlmUnlockArgs> {
  private final LockTable table;
  private final GracePeriod grace;
  private final GrantCalls grants;

  Unlock(LockTable table, GracePeriod grace, GrantCalls grants) {
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
    boolean done = true;
    for (LockOwner owner : meant(file, call.owner(args.lock()))) {
      for (LockMode mode : LockMode.values()) {
        table.cancel(file, owner, range, mode);
      }
      grants.settle(file, owner, range);
      done &= table.unlock(file, owner, range);
    }
    return new NlmResult(args.cookie(), done ? NlmStatus.GRANTED : NlmStatus.DENIED_NOLOCKS);
  }

  private Set<LockOwner> meant(Inode file, LockOwner named) {
    Set<LockOwner> owners = table.ownersOn(file, named::equals);
    return owners.isEmpty() ? table.ownersOn(file, owner -> isSameProcess(owner, named)) : owners;
  }

  private static boolean isSameProcess(LockOwner one, LockOwner two) {
    return one.client().equals(two.client())
        && one.key() instanceof NlmOwner first
        && two.key() instanceof NlmOwner second
        && first.svid() == second.svid();
  }

  @Override
  public NlmReply failure(NlmUnlockArgs args, NlmStatus status) {
    return new NlmResult(args.cookie(), status);
  }
}
