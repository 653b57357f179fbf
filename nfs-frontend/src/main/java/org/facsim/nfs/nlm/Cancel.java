/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.protocol.nlm.NlmCancelArgs;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.LockOwner;
import org.facsim.services.state.LockTable;

/**
 * CANCEL. The lock may have been granted a moment ago, before the client was told. In that case
 * CANCEL releases it, because otherwise it would never be released.
 */
final class Cancel implements NlmProcedure<NlmCancelArgs> {
  private final LockTable table;
  private final GracePeriod grace;
  private final GrantCalls grants;

  Cancel(LockTable table, GracePeriod grace, GrantCalls grants) {
    this.table = table;
    this.grace = grace;
    this.grants = grants;
  }

  @Override
  public NlmCancelArgs decode(ByteBuf in) {
    return NlmCancelArgs.decode(in);
  }

  @Override
  public NlmReply perform(NlmCall call, NlmCancelArgs args) {
    Inode file = call.file(args.lock().handle());
    ByteRange range = NlmCall.range(args.lock());
    if (grace.isRunning()) {
      return failure(args, NlmStatus.DENIED_GRACE_PERIOD);
    }
    LockOwner owner = call.owner(args.lock());
    boolean waited = table.cancel(file, owner, range, NlmCall.mode(args.exclusive()));
    if (!waited && grants.settle(file, owner, range)) {
      waited = table.unlock(file, owner, range);
    }
    return new NlmResult(args.cookie(), waited ? NlmStatus.GRANTED : NlmStatus.DENIED);
  }

  @Override
  public NlmReply failure(NlmCancelArgs args, NlmStatus status) {
    return new NlmResult(args.cookie(), status);
  }
}
