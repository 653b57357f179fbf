/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Callback4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.Credential;
import org.facsim.protocol.xdr.Xdr;

/**
 * CREATE_SESSION, which also confirms a client id: RFC 8881 section 18.36. It has a slot of its
 * own, so it is executed once also outside of a session. A session that outlives a restart is not
 * offered.
 */
final class CreateSession extends SessionOperation {
  private static final int PERSIST = 1;
  private static final int BACK_CHANNEL = 2;
  private static final int RDMA = 4;

  /** CB_SEQUENCE and one operation. */
  private static final int MIN_BACK_OPERATIONS = 2;

  private static final ChannelAttributes BACK_LIMITS =
      new ChannelAttributes(4096, 4096, 0, MIN_BACK_OPERATIONS, BackChannel.MAX_SLOTS);

  CreateSession(Nfs4State state) {
    super(Op4.CREATE_SESSION, state);
  }

  private record Args(
      long clientId,
      int sequence,
      int flags,
      ChannelAttributes fore,
      ChannelAttributes back,
      int program,
      Credential security) {
    static Args read(ByteBuf in) {
      return new Args(
          Xdr.readLong(in),
          Xdr.readInt(in),
          Xdr.readInt(in),
          ChannelAttributes.read(in),
          ChannelAttributes.read(in),
          Xdr.readInt(in),
          Callback4.readSecurity(in));
    }
  }

  @Override
  public boolean mayRunAlone() {
    return true;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    Args args = Args.read(in);
    CallbackPath path;
    synchronized (state()) {
      Client4 client = state().clients().find(args.clientId);
      if (client == null || !client.hasSessions()) {
        return Nfs4Status.STALE_CLIENTID;
      }
      if (client.createReply != null && args.sequence == client.createSequence) {
        out.writeBytes(client.createReply);
        return Nfs4Status.OK;
      }
      if (args.sequence != client.createSequence + 1) {
        return Nfs4Status.SEQ_MISORDERED;
      }
      if (!client.isConfirmed && !client.principal().equals(Principal.of(compound.credential()))) {
        return Nfs4Status.CLID_INUSE;
      }
      MachineCredential.require(client, compound);
      if ((args.flags & ~(PERSIST | BACK_CHANNEL | RDMA)) != 0) {
        return Nfs4Status.INVAL;
      }
      path = client.path;
      byte[] reply = create(compound, client, args);
      client.createSequence = args.sequence;
      client.createReply = reply;
      out.writeBytes(reply);
    }
    path.changed();
    return Nfs4Status.OK;
  }

  private byte[] create(Compound compound, Client4 client, Args args) {
    ChannelAttributes wanted = args.fore.atMost(state().limits().foreChannel(Integer.MAX_VALUE), 1);
    int wantedSlots = Math.min(wanted.slots(), state().limits().slots());
    int slots = state().sessions().affordableSlots(wantedSlots, wanted.maxCachedReplyBytes());
    ChannelAttributes fore = args.fore.atMost(state().limits().foreChannel(slots), 1);
    ChannelAttributes back = args.back.atMost(BACK_LIMITS, MIN_BACK_OPERATIONS);
    if (!client.isConfirmed) {
      Client4 before = state().clients().confirmed(client.name());
      if (before != null) {
        state().destroy(before);
      }
      state().clients().confirm(client);
    }
    Credential as = args.security == null ? new Credential.None() : args.security;
    Session4 session =
        state()
            .sessions()
            .add(
                client,
                fore,
                new BackChannel(back, compound.minorVersion(), args.program, as),
                wantedSlots);
    client.renew(state().nanos());
    session.calledOver(compound.origin());
    boolean hasBack = (args.flags & BACK_CHANNEL) != 0 && session.back().bind(compound.origin());
    return encoded(session, args.sequence, hasBack);
  }

  private static byte[] encoded(Session4 session, int sequence, boolean hasBack) {
    ByteBuf out = Unpooled.buffer();
    session.writeId(out);
    out.writeInt(sequence);
    out.writeInt(hasBack ? BACK_CHANNEL : 0);
    session.fore().write(out);
    session.back().attributes().write(out);
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    return bytes;
  }

  /** The session that an operation names. */
  static Session4 readSession(Nfs4State state, ByteBuf in) {
    Session4 session = state.sessions().find(Xdr.readLong(in), Xdr.readInt(in), Xdr.readInt(in));
    if (session == null) {
      throw new Nfs4Exception(Nfs4Status.BADSESSION);
    }
    return session;
  }
}
