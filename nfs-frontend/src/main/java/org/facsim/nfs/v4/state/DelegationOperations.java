/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.OperationTable;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.state.DelegationKind;
import org.facsim.services.state.Intent;

/** The operations on delegations, and those on any stateid. */
final class DelegationOperations {
  private DelegationOperations() {}

  static void addTo(OperationTable operations, Nfs4State state) {
    operations.add(
        new Return(state),
        new Purge(state),
        new Want(state),
        new TestStateid(state),
        new FreeStateid(state));
  }

  /** DELEGRETURN: RFC 8881 section 18.6. */
  private record Return(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.DELEGRETURN;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      Stateid4 stateid = compound.readStateid(in);
      Inode file = compound.file(Nfs4Status.BAD_STATEID);
      synchronized (state) {
        if (!(state.find(compound, stateid) instanceof DelegationState delegation)
            || delegation.file() != file) {
          return Nfs4Status.BAD_STATEID;
        }
        state.end(delegation);
      }
      return Nfs4Status.OK;
    }
  }

  /** DELEGPURGE: no delegation outlives its client here, RFC 8881 section 18.5. */
  private record Purge(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.DELEGPURGE;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      Xdr.readLong(in);
      return Nfs4Status.NOTSUPP;
    }
  }

  /** WANT_DELEGATION: RFC 8881 section 18.49. */
  private static final class Want extends SessionOperation {
    private static final int CLAIM_FH = 4;
    private static final int CLAIM_DELEG_PREV_FH = 6;
    private static final int CLAIM_PREVIOUS = 1;

    Want(Nfs4State state) {
      super(Op4.WANT_DELEGATION, state);
    }

    private record Done(int index, Offer offer) {}

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      OpenArgs args = new OpenArgs();
      args.wholeAccess = Xdr.readInt(in);
      int claim = Xdr.readInt(in);
      if (claim == CLAIM_PREVIOUS) {
        args.delegateType = Xdr.readInt(in);
      }
      Inode file = compound.file(Nfs4Status.WRONG_TYPE);
      if (compound.note() instanceof Done done && done.index == compound.operationIndex()) {
        compound.note(null);
        done.offer.write(args, file, out);
        return Nfs4Status.OK;
      }
      Client4 client = Sequence.sessionOf(compound).client();
      requireWish(args, claim, file);
      boolean writes = args.want() == OpenArgs.WANT_WRITE;
      compound.recalled(file, writes ? Intent.CHANGE : Intent.LOOK, client);
      Offer offer;
      synchronized (state()) {
        if (!client.path.isUp()) {
          throw new Nfs4Exception(Nfs4Status.DELAY, "no way to recall it");
        }
        offer =
            Offer.make(state(), client, file, writes ? DelegationKind.WRITE : DelegationKind.READ);
      }
      if (!offer.isDecided()) {
        compound.note(new Done(compound.operationIndex(), offer));
        compound.await(offer.decision());
        compound.note(null);
      }
      offer.write(args, file, out);
      return Nfs4Status.OK;
    }

    private void requireWish(OpenArgs args, int claim, Inode file) {
      if (claim == CLAIM_DELEG_PREV_FH) {
        throw new Nfs4Exception(Nfs4Status.NOTSUPP);
      } else if (claim == CLAIM_PREVIOUS) {
        throw new Nfs4Exception(
            state().grace().isRunning() ? Nfs4Status.NOTSUPP : Nfs4Status.NO_GRACE);
      } else if (claim != CLAIM_FH) {
        throw new Nfs4Exception(Nfs4Status.INVAL);
      }
      if (state().grace().isRunning()) {
        throw new Nfs4Exception(Nfs4Status.GRACE);
      }
      if (file.attributes().type() != FileType.REGULAR) {
        throw new Nfs4Exception(Nfs4Status.WRONG_TYPE);
      }
      switch (args.want()) {
        case OpenArgs.WANT_READ, OpenArgs.WANT_WRITE, OpenArgs.WANT_ANY -> {}
        default -> throw new Nfs4Exception(Nfs4Status.INVAL);
      }
    }
  }

  /** TEST_STATEID: RFC 8881 section 18.48. */
  private static final class TestStateid extends SessionOperation {
    private static final int MAX_STATEIDS = 1 << 14;

    TestStateid(Nfs4State state) {
      super(Op4.TEST_STATEID, state);
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      Sequence.sessionOf(compound);
      int count = Xdr.readLength(in, MAX_STATEIDS);
      if (Integer.BYTES * (count + 1) > compound.leftReplyBytes()) {
        return compound.tooLong(Integer.BYTES * (count + 1));
      }
      out.writeInt(count);
      for (int i = 0; i < count; i++) {
        out.writeInt(statusOf(compound, in).code());
      }
      return Nfs4Status.OK;
    }

    private Nfs4Status statusOf(Compound compound, ByteBuf in) {
      Stateid4 stateid = Stateid4.decode(in);
      if (stateid.isSpecial()) {
        return Nfs4Status.BAD_STATEID;
      }
      try {
        state().find(compound, stateid);
        return Nfs4Status.OK;
      } catch (Nfs4Exception e) {
        return e.status();
      }
    }
  }

  /** FREE_STATEID: RFC 8881 section 18.38. */
  private static final class FreeStateid extends SessionOperation {
    FreeStateid(Nfs4State state) {
      super(Op4.FREE_STATEID, state);
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      Stateid4 stateid = compound.readStateid(in);
      Sequence.sessionOf(compound);
      synchronized (state()) {
        State4 found = state().lookup(compound, stateid);
        Nfs4State.requireVersion(found, stateid, compound.minorVersion());
        boolean isHeld =
            found instanceof OpenState
                || (found instanceof DelegationState delegation && !delegation.isRevoked())
                || (found instanceof LockState lock
                    && state().holdings().locks().isHeldBy(lock.file(), lock.owner().key()));
        if (isHeld) {
          return Nfs4Status.LOCKS_HELD;
        }
        state().end(found);
      }
      return Nfs4Status.OK;
    }
  }
}
