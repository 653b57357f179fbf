/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.nfs.v4.Operation4;
import org.facsim.nfs.v4.OperationTable;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.portmap.UniversalAddress;
import org.facsim.protocol.xdr.Xdr;

/** The clients of minor version 0: SETCLIENTID, SETCLIENTID_CONFIRM and RENEW, RFC 7530. */
final class OldClients {
  private static final int MAX_NETID_BYTES = 64;
  private static final int MAX_ADDRESS_BYTES = 256;

  private OldClients() {}

  static void addTo(OperationTable operations, Nfs4State state) {
    operations.add(new SetClientId(state), new Confirm(state), new Renew(state));
  }

  /**
   * The client of an id that an operation brings, whose lease is renewed; in the state's monitor.
   *
   * @throws Nfs4Exception STALE_CLIENTID, EXPIRED
   */
  static Client4 confirmed(Nfs4State state, Compound compound, long id) {
    Client4 client = state.clients().find(id);
    if (client == null || client.hasSessions() || !client.isConfirmed) {
      throw new Nfs4Exception(
          client == null && state.clients().isOfThisRun(id)
              ? Nfs4Status.EXPIRED
              : Nfs4Status.STALE_CLIENTID);
    }
    client.renew(state.nanos());
    compound.actsFor(client);
    return client;
  }

  /** SETCLIENTID: RFC 7530 section 16.33. */
  private record SetClientId(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.SETCLIENTID;
    }

    @Override
    public int lastMinorVersion() {
      return 0;
    }

    @Override
    public boolean hasResults(Nfs4Status failure) {
      return failure == Nfs4Status.CLID_INUSE;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      long verifier = Xdr.readLong(in);
      Client4.Name name = new Client4.Name(false, Bytes.read(in));
      int program = Xdr.readInt(in);
      String netid = Xdr.readString(in, MAX_NETID_BYTES);
      String universal = Xdr.readString(in, MAX_ADDRESS_BYTES);
      int ident = Xdr.readInt(in);
      CallbackAddress callback =
          CallbackAddress.of(
              state.connector(),
              compound.client().getAddress(),
              compound.server().getAddress(),
              program,
              netid,
              universal,
              ident);
      Object principal = Principal.of(compound.credential());
      synchronized (state) {
        Client4 known = state.clients().confirmed(name);
        if (known != null && !known.principal().equals(principal)) {
          if (!known.isIdle() && !state.isLapsed(known)) {
            writeInUse(known, out);
            return Nfs4Status.CLID_INUSE;
          }
          state.destroy(known);
          known = null;
        }
        boolean isUpdate = known != null && known.verifier() == verifier;
        Client4 pending = isUpdate ? known : made(compound, name, verifier, principal);
        long confirm = state.clients().nextConfirmVerifier();
        pending.pendingCallback = callback;
        if (isUpdate) {
          pending.updateVerifier = confirm;
        } else {
          pending.confirmVerifier = confirm;
        }
        out.writeLong(pending.id());
        out.writeLong(confirm);
      }
      return Nfs4Status.OK;
    }

    private Client4 made(Compound compound, Client4.Name name, long verifier, Object principal) {
      Client4 before = state.clients().unconfirmed(name);
      if (before != null) {
        state.destroy(before);
      }
      state.clients().requireRoom(compound.client().getAddress());
      Client4 client =
          new Client4(
              state,
              state.clients().nextId(),
              name,
              verifier,
              principal,
              compound.client().getAddress(),
              state.nanos());
      state.clients().add(client);
      return client;
    }

    private static void writeInUse(Client4 known, ByteBuf out) {
      Xdr.writeString(out, known.address() instanceof java.net.Inet6Address ? "tcp6" : "tcp");
      Xdr.writeOpaque(
          out,
          UniversalAddress.format(new java.net.InetSocketAddress(known.address(), 0))
              .getBytes(UTF_8));
    }
  }

  /** SETCLIENTID_CONFIRM: RFC 7530 section 16.34. */
  private record Confirm(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.SETCLIENTID_CONFIRM;
    }

    @Override
    public int lastMinorVersion() {
      return 0;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      long id = Xdr.readLong(in);
      long confirm = Xdr.readLong(in);
      CallbackAddress probed;
      Client4 client;
      synchronized (state) {
        client = state.clients().find(id);
        if (client == null || client.hasSessions()) {
          return Nfs4Status.STALE_CLIENTID;
        }
        boolean isUpdate = client.updateVerifier != 0 && client.updateVerifier == confirm;
        if (!isUpdate && client.confirmVerifier != confirm) {
          return Nfs4Status.STALE_CLIENTID;
        }
        if (!client.principal().equals(Principal.of(compound.credential()))) {
          return Nfs4Status.CLID_INUSE;
        }
        if (!client.isConfirmed) {
          Client4 before = state.clients().confirmed(client.name());
          if (before != null) {
            state.destroy(before);
          }
          state.clients().confirm(client);
        }
        client.renew(state.nanos());
        compound.actsFor(client);
        probed = isUpdate || client.updateVerifier == 0 ? calledAt(client) : null;
        if (isUpdate) {
          client.confirmVerifier = confirm;
          client.updateVerifier = 0;
        }
      }
      if (probed != null) {
        CallbackPath path = client.path;
        var unused = probed.probe().thenRun(path::changed);
      }
      return Nfs4Status.OK;
    }

    /** Callbacks go where SETCLIENTID said, from now on; null if it said nothing new. */
    private static CallbackAddress calledAt(Client4 client) {
      CallbackAddress address = client.pendingCallback;
      client.pendingCallback = null;
      if (address != null) {
        if (client.callback != null) {
          client.callback.close();
        }
        client.callback = address;
      }
      return address;
    }
  }

  /** RENEW: RFC 7530 section 16.27. */
  private record Renew(Nfs4State state) implements Operation4 {
    @Override
    public int number() {
      return Op4.RENEW;
    }

    @Override
    public int lastMinorVersion() {
      return 0;
    }

    @Override
    public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
      long id = Xdr.readLong(in);
      synchronized (state) {
        Client4 client = confirmed(state, compound, id);
        boolean isDelegated =
            client.states().stream().anyMatch(each -> each instanceof DelegationState);
        return isDelegated && !client.path.isUp() ? Nfs4Status.CB_PATH_DOWN : Nfs4Status.OK;
      }
    }
  }
}
