/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Inode;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.OperationTable;
import org.facsim.nfs.v4.attributes.AttributeTable;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.nfs4.Stateid4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.services.state.ShareReservation;

/** The operations on opens: OPEN, and here the short ones. */
final class OpenOperations {
  private static final int BOTH = 3;

  private OpenOperations() {}

  static void addTo(OperationTable operations, AttributeTable attributes, Nfs4State state) {
    operations.add(
        new Open(attributes, state),
        new OpenConfirm(state),
        new OpenDowngrade(state),
        new Close(state));
  }

  /** An owner without opens is forgotten, unless its sequence may still be needed. */
  static void forgetIfUnused(OpenOwner owner) {
    if (owner.sequence == null && owner.opens().isEmpty()) {
      owner.client().remove(owner);
    }
  }

  /** Owners of minor version 0 that have had nothing open since a while; in the monitor. */
  static void forgetIdleOwners(Nfs4State state, Client4 client, long beforeNanos) {
    if (client.hasSessions()) {
      return;
    }
    List<OpenOwner> idle = new ArrayList<>();
    for (OpenOwner owner : client.openOwners().values()) {
      if (owner.opens().isEmpty() && owner.usedNanos - beforeNanos < 0) {
        idle.add(owner);
      }
    }
    for (OpenOwner owner : idle) {
      dropClosed(state, owner);
      client.remove(owner);
    }
  }

  /** The open that its owner closed last is only kept for a repeated CLOSE. */
  static void dropClosed(Nfs4State state, OpenOwner owner) {
    if (owner.closed != null) {
      state.states().remove(owner.closed.number());
      owner.closed = null;
    }
  }

  /** The open of a stateid, of the current file. */
  static OpenState openOf(Nfs4State state, Compound compound, Stateid4 stateid) {
    Inode file = compound.file(Nfs4Status.BAD_STATEID);
    State4 found = state.find(compound, stateid);
    if (found instanceof OpenState open && open.file() == file) {
      return open;
    }
    throw new Nfs4Exception(Nfs4Status.BAD_STATEID);
  }

  /** The sequence of the owner of an open; null from minor version 1 on. */
  static OwnerSequence sequenceOf(Nfs4State state, Compound compound, Stateid4 stateid) {
    if (compound.minorVersion() > 0) {
      return null;
    }
    if (state.lookup(compound, stateid) instanceof OpenState open) {
      open.owner().usedNanos = state.nanos();
      return open.owner().sequence;
    }
    throw new Nfs4Exception(Nfs4Status.BAD_STATEID);
  }

  static void requireConfirmed(OpenState open) {
    if (!open.owner().isConfirmed) {
      throw new Nfs4Exception(Nfs4Status.BAD_STATEID, "the open-owner is not confirmed");
    }
  }

  /** OPEN_CONFIRM: RFC 7530 section 16.18. */
  private record OpenConfirm(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.OPEN_CONFIRM;
    }

    @Override
    public int lastMinorVersion() {
      return 0;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      Stateid4 stateid = compound.readStateid(in);
      int seqid = Xdr.readInt(in);
      compound.file(Nfs4Status.BAD_STATEID);
      synchronized (state) {
        return Owned.once(
            state,
            compound,
            sequenceOf(state, compound, stateid),
            seqid,
            number(),
            out,
            () -> {
              OpenState open = openOf(state, compound, stateid);
              if (open.owner().isConfirmed) {
                return Nfs4Status.BAD_STATEID;
              }
              open.owner().isConfirmed = true;
              open.advance();
              open.stateid().encode(out);
              return Nfs4Status.OK;
            });
      }
    }
  }

  /** OPEN_DOWNGRADE: RFC 8881 section 18.18. */
  private record OpenDowngrade(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.OPEN_DOWNGRADE;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      Stateid4 stateid = compound.readStateid(in);
      int seqid = Xdr.readInt(in);
      int wholeAccess = Xdr.readInt(in);
      int deny = Xdr.readInt(in);
      compound.file(Nfs4Status.BAD_STATEID);
      synchronized (state) {
        return Owned.once(
            state,
            compound,
            sequenceOf(state, compound, stateid),
            seqid,
            number(),
            out,
            () -> {
              OpenState open = openOf(state, compound, stateid);
              requireConfirmed(open);
              int access =
                  compound.minorVersion() == 0 ? wholeAccess : wholeAccess & ~OpenArgs.WANT_MASK;
              if (access <= 0 || access > BOTH || deny < 0 || deny > BOTH) {
                return Nfs4Status.INVAL;
              }
              ShareReservation less = new ShareReservation(access, deny);
              if (!open.mayBecome(less)) {
                return Nfs4Status.INVAL;
              }
              state.holdings().opens().downgrade(open.file(), open.owner().key(), less);
              open.downgrade(less);
              open.advance();
              open.stateid().encode(out);
              compound.setCurrentStateid(open.stateid());
              return Nfs4Status.OK;
            });
      }
    }
  }

  /** CLOSE, which gives up the locks of the open, too: RFC 8881 section 18.2. */
  private record Close(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.CLOSE;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      int seqid = Xdr.readInt(in);
      Stateid4 stateid = compound.readStateid(in);
      compound.file(Nfs4Status.BAD_STATEID);
      synchronized (state) {
        return Owned.once(
            state,
            compound,
            sequenceOf(state, compound, stateid),
            seqid,
            number(),
            out,
            () -> close(compound, stateid, out));
      }
    }

    private Nfs4Status close(Compound compound, Stateid4 stateid, ByteBuf out) {
      OpenState open = openOf(state, compound, stateid);
      requireConfirmed(open);
      Stateid4 answer = Stateid4.INVALID;
      if (compound.minorVersion() == 0) {
        open.advance();
        answer = open.stateid();
        dropClosed(state, open.owner());
        state.endButRemember(open);
        open.owner().closed = open;
      } else {
        state.end(open);
      }
      answer.encode(out);
      compound.setCurrentStateid(Stateid4.INVALID);
      return Nfs4Status.OK;
    }
  }
}
