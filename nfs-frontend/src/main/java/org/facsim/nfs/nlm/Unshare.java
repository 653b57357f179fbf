/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmShareArgs;
import org.facsim.protocol.nlm.NlmShareResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.services.state.OpenTable;

/** UNSHARE: the answer is GRANTED even if nothing was reserved. */
final class Unshare implements NlmProcedure<NlmShareArgs> {
  private final OpenTable opens;
  private final GracePeriod grace;

  Unshare(OpenTable opens, GracePeriod grace) {
    this.opens = opens;
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
    opens.close(file, Share.owner(call, args));
    return failure(args, NlmStatus.GRANTED);
  }

  @Override
  public NlmReply failure(NlmShareArgs args, NlmStatus status) {
    return new NlmShareResult(args.cookie(), status, 0);
  }
}
