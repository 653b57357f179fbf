/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmShareArgs;
import org.facsim.protocol.nlm.NlmShareResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.services.state.LockTable;

/** UNSHARE: GRANTED also if nothing was reserved. */
final class GiveShare implements NlmProcedure<NlmShareArgs> {
  private final LockTable table;
  private final GracePeriod grace;

  GiveShare(LockTable table, GracePeriod grace) {
    this.table = table;
    this.grace = grace;
  }

  @Override
  public NlmShareArgs decode(ByteBuf in) {
    return NlmShareArgs.decode(in);
  }

  @Override
  public NlmReply perform(NlmCall call, NlmShareArgs args) {
    var file = call.file(args.handle());
    if (grace.isRunning()) {
      return failure(args, NlmStatus.DENIED_GRACE_PERIOD);
    }
    table.unreserve(file, ReserveShare.owner(call, args));
    return failure(args, NlmStatus.GRANTED);
  }

  @Override
  public NlmReply failure(NlmShareArgs args, NlmStatus status) {
    return new NlmShareResult(args.cookie(), status, 0);
  }
}
