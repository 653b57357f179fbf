/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import io.netty.buffer.ByteBuf;
import org.facsim.array.Inode;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.NlmHolder;
import org.facsim.protocol.nlm.NlmReply;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmTestArgs;
import org.facsim.protocol.nlm.NlmTestResult;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.HeldLock;
import org.facsim.services.state.LockMode;
import org.facsim.services.state.LockTable;

/** TEST. */
final class Test implements NlmProcedure<NlmTestArgs> {
  private static final NlmOwner NOT_OF_NLM = new NlmOwner(0, NetObject.of(new byte[0]));

  /** Who holds the conflicting lock when a link of the call chain says that there is one. */
  private static final NlmHolder SOMEBODY =
      new NlmHolder(true, NOT_OF_NLM.svid(), NOT_OF_NLM.handle(), 0, 0);

  private final LockTable table;
  private final GracePeriod grace;

  Test(LockTable table, GracePeriod grace) {
    this.table = table;
    this.grace = grace;
  }

  @Override
  public NlmTestArgs decode(ByteBuf in) {
    return NlmTestArgs.decode(in);
  }

  @Override
  public NlmReply perform(NlmCall call, NlmTestArgs args) {
    Inode file = call.fileToLock(args.lock().handle(), args.exclusive());
    ByteRange range = NlmCall.range(args.lock());
    if (grace.isRunning()) {
      return failure(args, NlmStatus.DENIED_GRACE_PERIOD);
    }
    HeldLock holder =
        table.test(file, call.owner(args.lock()), range, NlmCall.mode(args.exclusive()));
    return holder == null
        ? new NlmTestResult(args.cookie(), NlmStatus.GRANTED, null)
        : new NlmTestResult(args.cookie(), NlmStatus.DENIED, describe(holder));
  }

  private static NlmHolder describe(HeldLock lock) {
    NlmOwner owner = lock.owner().key() instanceof NlmOwner nlm ? nlm : NOT_OF_NLM;
    ByteRange range = lock.range();
    return new NlmHolder(
        lock.mode() == LockMode.EXCLUSIVE,
        owner.svid(),
        owner.handle(),
        range.firstByte(),
        range.lastByte() == ByteRange.END ? 0 : range.lastByte() - range.firstByte() + 1);
  }

  @Override
  public NlmReply failure(NlmTestArgs args, NlmStatus status) {
    return new NlmTestResult(args.cookie(), status, status == NlmStatus.DENIED ? SOMEBODY : null);
  }
}
