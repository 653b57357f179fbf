/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * SEQUENCE: RFC 8881 sections 2.10.6 and 18.46. It is the first operation of a COMPOUND, finds out
 * whether the COMPOUND ran before, and renews the lease. If it fails, neither the slot nor the
 * lease has changed.
 */
final class Sequence extends SessionOperation {
  private static final int CB_PATH_DOWN = 0x1;
  private static final int RECALLABLE_STATE_REVOKED = 0x40;
  private static final int CB_PATH_DOWN_SESSION = 0x200;
  private static final int BACKCHANNEL_FAULT = 0x400;

  private static final int ARGUMENT_BYTES = 32;
  private static final int RESULT_BYTES = 36;

  /** The RPC header, the head of a COMPOUND without a tag, and SEQUENCE's own results. */
  private static final int SHORTEST_REPLY_BYTES = 24 + 12 + 44;

  Sequence(Nfs4State state) {
    super(Op4.SEQUENCE, state);
  }

  @Override
  public boolean mayRunAlone() {
    return true;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    if (in.readableBytes() < ARGUMENT_BYTES) {
      throw new XdrException("SEQUENCE of 32 bytes, " + in.readableBytes() + " left");
    }
    long clientId = in.readLong();
    long sessionNumber = in.readLong();
    long sequenceAndSlot = in.readLong();
    int sequence = (int) (sequenceAndSlot >>> Integer.SIZE);
    long slotIndex = sequenceAndSlot & 0xffff_ffffL;
    long highestSlot = in.readUnsignedInt();
    boolean cacheThis = Xdr.readBoolean(in);
    Session4 session =
        state()
            .sessions()
            .find(clientId, (int) (sessionNumber >>> Integer.SIZE), (int) sessionNumber);
    if (session == null) {
      return Nfs4Status.BADSESSION;
    }
    ChannelAttributes fore = session.fore();
    int slots = session.slotCount();
    if (slotIndex >= slots) {
      return Nfs4Status.BADSLOT;
    }
    if (highestSlot >= slots) {
      return Nfs4Status.BAD_HIGH_SLOT;
    }
    Nfs4Status size = sizeStatus(compound, fore, cacheThis);
    if (size != Nfs4Status.OK) {
      return size;
    }
    Credential caller = compound.credential();
    byte[] stored = null;
    boolean isRepeated = false;
    Slot4 slot = session.slot((int) slotIndex);
    switch (slot.arrives(sequence, cacheThis, compound.operationCount(), caller)) {
      case MISORDERED -> {
        return Nfs4Status.SEQ_MISORDERED;
      }
      case RUNNING -> {
        return Nfs4Status.DELAY;
      }
      case REPEATED -> {
        boolean isSame = slot.fits(compound.operationCount(), caller);
        stored = slot.reply();
        if (!slot.isStillAt(sequence)) {
          return Nfs4Status.SEQ_MISORDERED; // the client knows the reply, and has gone on
        }
        if (!isSame) {
          return Nfs4Status.SEQ_FALSE_RETRY;
        }
        isRepeated = true;
      }
      case NEXT -> {}
    }
    if (session.calledOver(compound.origin())) {
      session.client().renew(state().nanos());
    }
    if (stored != null) {
      compound.answerFromMemory(stored);
      return Nfs4Status.OK;
    }
    if (isRepeated) {
      compound.refuseRest(Nfs4Status.RETRY_UNCACHED_REP);
    } else {
      compound.begin(slot);
    }
    answer(out, session, sequence, (int) slotIndex);
    return Nfs4Status.OK;
  }

  private static Nfs4Status sizeStatus(
      Compound compound, ChannelAttributes fore, boolean cacheThis) {
    if (compound.requestBytes() > fore.maxRequestBytes()) {
      return Nfs4Status.REQ_TOO_BIG;
    }
    if (compound.operationCount() > fore.operations()) {
      return Nfs4Status.TOO_MANY_OPS;
    }
    return cacheThis && fore.maxCachedReplyBytes() < SHORTEST_REPLY_BYTES
        ? Nfs4Status.REP_TOO_BIG_TO_CACHE
        : Nfs4Status.OK;
  }

  private static void answer(ByteBuf out, Session4 session, int sequence, int slot) {
    int highest = session.slotCount() - 1;
    out.ensureWritable(RESULT_BYTES);
    session.writeId(out);
    out.writeLong(Xdr.twoInts(sequence, slot));
    out.writeLong(Xdr.twoInts(highest, highest));
    out.writeInt(flags(session));
  }

  private static int flags(Session4 session) {
    int flags = 0;
    BackChannel back = session.back();
    if (back.isDown()) {
      flags |= CB_PATH_DOWN_SESSION;
      if (!session.client().path.isUp()) {
        flags |= CB_PATH_DOWN;
      }
    } else if (back.isFaulty()) {
      flags |= BACKCHANNEL_FAULT;
    }
    return session.client().revoked.get() > 0 ? flags | RECALLABLE_STATE_REVOKED : flags;
  }

  /** The session of a COMPOUND; for operations that need one. */
  static Session4 sessionOf(Compound compound) {
    if (compound.slot() instanceof Slot4 slot) {
      return slot.session();
    }
    throw new Nfs4Exception(Nfs4Status.OP_NOT_IN_SESSION);
  }
}
