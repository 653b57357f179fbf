/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.OperationTable;
import org.facsim.protocol.nfs4.Callback4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** The operations on clients and sessions, minor version 1 and later; the short ones are here. */
final class SessionOperations {
  private SessionOperations() {}

  static void addTo(OperationTable operations, Nfs4State state) {
    operations.add(
        new ExchangeId(state),
        new CreateSession(state),
        new Sequence(state),
        new DestroySession(state),
        new DestroyClientId(state),
        new BindConnection(state),
        new BackChannelControl(state),
        new ReclaimComplete(state),
        new SetSsv(state));
  }

  /** DESTROY_SESSION: RFC 8881 section 18.37. */
  private static final class DestroySession extends SessionOperation {
    DestroySession(Nfs4State state) {
      super(Op4.DESTROY_SESSION, state);
    }

    @Override
    public boolean mayRunAlone() {
      return true;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      Session4 session = CreateSession.readSession(state(), in);
      MachineCredential.require(session.client(), compound);
      boolean isOwn = compound.slot() instanceof Slot4 slot && slot.session() == session;
      if (isOwn && !compound.isLastOperation()) {
        return Nfs4Status.NOT_ONLY_OP;
      }
      if (!isOwn && !session.isBoundTo(compound.origin())) {
        return Nfs4Status.CONN_NOT_BOUND_TO_SESSION;
      }
      if (session.busyCount() > (isOwn ? 1 : 0)) {
        return Nfs4Status.DELAY; // other requests are being executed
      }
      synchronized (state()) {
        state().sessions().remove(session);
      }
      return Nfs4Status.OK;
    }
  }

  /** DESTROY_CLIENTID: RFC 8881 section 18.50. */
  private static final class DestroyClientId extends SessionOperation {
    DestroyClientId(Nfs4State state) {
      super(Op4.DESTROY_CLIENTID, state);
    }

    @Override
    public boolean mayRunAlone() {
      return true;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      long id = Xdr.readLong(in);
      synchronized (state()) {
        Client4 client = state().clients().find(id);
        if (client == null || !client.hasSessions()) {
          return Nfs4Status.STALE_CLIENTID;
        }
        MachineCredential.require(client, compound);
        if (!client.sessions().isEmpty() || !client.isIdle()) {
          return Nfs4Status.CLIENTID_BUSY;
        }
        state().destroy(client);
      }
      return Nfs4Status.OK;
    }
  }

  /** BIND_CONN_TO_SESSION: RFC 8881 section 18.34. */
  private static final class BindConnection extends SessionOperation {
    private static final int FORE = 1;
    private static final int BACK = 2;
    private static final int BOTH = 3;
    private static final int FORE_OR_BOTH = 3;
    private static final int BACK_OR_BOTH = 7;

    BindConnection(Nfs4State state) {
      super(Op4.BIND_CONN_TO_SESSION, state);
    }

    @Override
    public boolean mayRunAlone() {
      return true;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      long clientId = Xdr.readLong(in);
      int number = Xdr.readInt(in);
      int rest = Xdr.readInt(in);
      int wish = Xdr.readInt(in);
      Xdr.readBoolean(in); // RDMA, which no transport here has
      if (wish != FORE && wish != BACK && wish != FORE_OR_BOTH && wish != BACK_OR_BOTH) {
        throw new XdrException("direction " + wish);
      }
      Session4 session = state().sessions().find(clientId, number, rest);
      if (session == null) {
        return Nfs4Status.BADSESSION;
      }
      MachineCredential.require(session.client(), compound);
      boolean back = wish != FORE && session.back().bind(compound.origin());
      if (wish == BACK && !back) {
        return Nfs4Status.INVAL;
      }
      if (wish != BACK) {
        session.calledOver(compound.origin());
      }
      session.client().renew(state().nanos());
      session.writeId(out);
      out.writeInt(!back ? FORE : wish == BACK ? BACK : BOTH);
      Xdr.writeBoolean(out, false);
      if (back) {
        session.client().path.changed();
      }
      return Nfs4Status.OK;
    }
  }

  /** BACKCHANNEL_CTL: RFC 8881 section 18.33. */
  private static final class BackChannelControl extends SessionOperation {
    BackChannelControl(Nfs4State state) {
      super(Op4.BACKCHANNEL_CTL, state);
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      int program = Xdr.readInt(in);
      Credential as = Callback4.readSecurity(in);
      if (as == null) {
        return Nfs4Status.INVAL; // nothing that this server can send
      }
      Sequence.sessionOf(compound).back().change(program, as);
      return Nfs4Status.OK;
    }
  }

  /** RECLAIM_COMPLETE: RFC 8881 section 18.51. */
  private static final class ReclaimComplete extends SessionOperation {
    ReclaimComplete(Nfs4State state) {
      super(Op4.RECLAIM_COMPLETE, state);
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      boolean isOneFileSystem = Xdr.readBoolean(in);
      Client4 client = Sequence.sessionOf(compound).client();
      if (isOneFileSystem) {
        // for file systems that have moved here, and none has
        return compound.hasHandle() ? Nfs4Status.OK : Nfs4Status.NOFILEHANDLE;
      }
      synchronized (state()) {
        if (client.hasReclaimed) {
          return Nfs4Status.COMPLETE_ALREADY;
        }
        client.hasReclaimed = true;
      }
      Claimant.of(client).hasReclaimed(state().grace());
      return Nfs4Status.OK;
    }
  }

  /** SET_SSV: no client id has an SSV, because EXCHANGE_ID refuses it. RFC 8881 section 18.47. */
  private static final class SetSsv extends SessionOperation {
    SetSsv(Nfs4State state) {
      super(Op4.SET_SSV, state);
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
      Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
      return Nfs4Status.INVAL;
    }
  }
}
