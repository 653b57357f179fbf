/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4;

import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;

/** How long the reply to a COMPOUND may be: by its slot, or by this server outside of a session. */
final class ReplyLimits {
  /** The longest reply outside of a session: one of the largest READs, and something besides. */
  static final int MAX_REPLY_BYTES = Nfs4.MAX_TRANSFER_BYTES + (128 << 10);

  /** The header of an RPC reply without a verifier, which the sizes of a session include. */
  private static final int RPC_HEADER_BYTES = 24;

  /** Null outside of a session. */
  private SlotInUse slot;

  /** No results so long are too long: saves a look at the slot. */
  private int maxResultBytes = MAX_REPLY_BYTES - RPC_HEADER_BYTES;

  ReplyLimits() {}

  /** From now on, a slot limits the reply. */
  void set(SlotInUse newSlot) {
    slot = newSlot;
    int maxReplyBytes =
        newSlot.isCached()
            ? Math.min(newSlot.maxReplyBytes(), newSlot.maxCachedReplyBytes())
            : newSlot.maxReplyBytes();
    maxResultBytes = maxReplyBytes - RPC_HEADER_BYTES;
  }

  /** The most bytes of a COMPOUND's results, from its status on. */
  int maxResultBytes() {
    return maxResultBytes;
  }

  /**
   * Whether results are short enough.
   *
   * @param resultBytes of the COMPOUND, from its status on; may exceed 2^31
   * @return OK, or how an operation is refused whose results would make it so long
   */
  Nfs4Status judge(long resultBytes, int minorVersion) {
    if (resultBytes <= maxResultBytes) {
      return Nfs4Status.OK;
    }
    if (slot == null) {
      return minorVersion == 0 ? Nfs4Status.RESOURCE : Nfs4Status.REP_TOO_BIG;
    }
    return resultBytes + RPC_HEADER_BYTES > slot.maxReplyBytes()
        ? Nfs4Status.REP_TOO_BIG
        : Nfs4Status.REP_TOO_BIG_TO_CACHE;
  }
}
