/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Bitmap4;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Nfs4Status;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/**
 * EXCHANGE_ID: a client says who it is and gets a client id. RFC 8881 section 18.35; the numbers of
 * the cases are those of its section 18.35.4.
 *
 * <p>The server owner and the scope are the same on every connection and address of the array, so
 * that a client may use several of them for one session or one client id.
 */
final class ExchangeId extends SessionOperation {
  private static final int SUPP_MOVED_REFER = 0x1;
  private static final int SUPP_MOVED_MIGR = 0x2;
  private static final int SUPP_FENCE_OPS = 0x4;
  private static final int BIND_PRINC_STATEID = 0x100;
  private static final int USE_NON_PNFS = 0x10000;
  private static final int USE_PNFS_MDS = 0x20000;
  private static final int USE_PNFS_DS = 0x40000;
  private static final int UPDATE = 0x40000000;
  private static final int CONFIRMED = 0x80000000;

  /** SUPP_FENCE_OPS is of minor version 2. */
  private static final int OF_CLIENTS =
      SUPP_MOVED_REFER
          | SUPP_MOVED_MIGR
          | BIND_PRINC_STATEID
          | USE_NON_PNFS
          | USE_PNFS_MDS
          | USE_PNFS_DS
          | UPDATE;

  private static final int SP4_NONE = 0;
  private static final int SP4_MACH_CRED = 1;
  private static final int SP4_SSV = 2;
  private static final int MAX_OIDS = 64;

  ExchangeId(Nfs4State state) {
    super(Op4.EXCHANGE_ID, state);
  }

  @Override
  public boolean mayRunAlone() {
    return true;
  }

  @Override
  public Nfs4Status perform(Compound compound, ByteBuf in, ByteBuf out) {
    long verifier = Xdr.readLong(in);
    Bytes owner = Bytes.read(in);
    int flags = Xdr.readInt(in);
    Protection protection = Protection.read(in, compound);
    readImplementation(in);
    int allowed = compound.minorVersion() > 1 ? OF_CLIENTS | SUPP_FENCE_OPS : OF_CLIENTS;
    if ((flags & ~allowed) != 0) {
      return Nfs4Status.INVAL;
    }
    if (protection.refusal() != Nfs4Status.OK) {
      return protection.refusal();
    }
    Client4 client;
    boolean isConfirmed;
    int sequence;
    synchronized (state()) {
      client = clientOf(compound, new Client4.Name(true, owner), verifier, (flags & UPDATE) != 0);
      isConfirmed = client.isConfirmed;
      if (!isConfirmed) {
        client.isProtected = protection.isByMachine();
      }
      sequence = client.createSequence + 1;
    }
    answer(out, client, sequence, isConfirmed, protection);
    return Nfs4Status.OK;
  }

  private Client4 clientOf(Compound compound, Client4.Name name, long verifier, boolean update) {
    Object principal = Principal.of(compound.credential());
    Client4 known = state().clients().confirmed(name);
    if (known != null && state().isLapsed(known) && known.principal().equals(principal)) {
      known.renew(state().nanos()); // it is back before anybody wanted what it holds
    }
    if (known != null && known.principal().equals(principal)) {
      MachineCredential.require(known, compound);
    }
    if (update) {
      if (known == null) {
        throw new Nfs4Exception(Nfs4Status.NOENT); // 7
      } else if (known.verifier() != verifier) {
        throw new Nfs4Exception(Nfs4Status.NOT_SAME); // 8
      } else if (!known.principal().equals(principal)) {
        throw new Nfs4Exception(Nfs4Status.PERM); // 9
      }
      return known; // 6: there is nothing to update
    }
    if (known != null) {
      if (!known.principal().equals(principal)) {
        replaceIfUnused(known); // 3
      } else if (known.verifier() == verifier) {
        return known; // 2
      } // 5: it has restarted, and the old one goes when the new one is confirmed
    }
    return made(compound, name, verifier, principal); // 1, 4, 5
  }

  private void replaceIfUnused(Client4 known) {
    if (!state().isLapsed(known) && !(known.isIdle() && known.sessions().isEmpty())) {
      throw new Nfs4Exception(Nfs4Status.CLID_INUSE);
    }
    state().destroy(known);
  }

  private Client4 made(Compound compound, Client4.Name name, long verifier, Object principal) {
    ClientTable clients = state().clients();
    Client4 unconfirmed = clients.unconfirmed(name);
    if (unconfirmed != null) {
      state().destroy(unconfirmed);
    }
    clients.requireRoom(compound.client().getAddress());
    Client4 client =
        new Client4(
            state(),
            clients.nextId(),
            name,
            verifier,
            principal,
            compound.client().getAddress(),
            state().nanos());
    clients.add(client);
    return client;
  }

  /**
   * How a client wants its state protected.
   *
   * @param refusal OK, or how the wish is answered
   * @param allowed what the machine's principal wants to do for others
   */
  private record Protection(Nfs4Status refusal, boolean isByMachine, Bitmap4 allowed) {
    static Protection read(ByteBuf in, Compound compound) {
      Bitmap4 allowed = new Bitmap4();
      switch (Xdr.readInt(in)) {
        case SP4_NONE -> {
          return new Protection(Nfs4Status.OK, false, allowed);
        }
        case SP4_MACH_CRED -> {
          readOperations(in, allowed);
          boolean isProtected = MachineCredential.isProtected(compound.credential());
          return new Protection(isProtected ? Nfs4Status.OK : Nfs4Status.INVAL, true, allowed);
        }
        case SP4_SSV -> {
          readOperations(in, allowed);
          skipOids(in);
          skipOids(in);
          Xdr.readInt(in);
          Xdr.readInt(in);
          return new Protection(Nfs4Status.ENCR_ALG_UNSUPP, false, allowed);
        }
        default -> throw new XdrException("an unknown protection of state");
      }
    }

    /** Those that are enforced are always the same. */
    private static void readOperations(ByteBuf in, Bitmap4 allowed) {
      new Bitmap4().read(in);
      allowed.read(in);
    }
  }

  private static void skipOids(ByteBuf in) {
    int count = Xdr.readLength(in, MAX_OIDS);
    for (int i = 0; i < count; i++) {
      Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
    }
  }

  private static void readImplementation(ByteBuf in) {
    if (Xdr.readLength(in, 1) == 1) {
      Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
      Xdr.readOpaque(in, Nfs4.MAX_OPAQUE_BYTES);
      Xdr.readLong(in);
      Xdr.readInt(in);
    }
  }

  private void answer(
      ByteBuf out, Client4 client, int sequence, boolean isConfirmed, Protection protection) {
    byte[] owner = state().options().serverOwner().getBytes(UTF_8);
    out.writeLong(client.id());
    out.writeInt(sequence);
    out.writeInt(USE_NON_PNFS | (isConfirmed ? CONFIRMED : 0));
    if (client.isProtected) {
      out.writeInt(SP4_MACH_CRED);
      MachineCredential.enforced().write(out);
      MachineCredential.allowed(protection.allowed()).write(out);
    } else {
      out.writeInt(SP4_NONE);
    }
    out.writeLong(0); // the minor part of the server owner
    Xdr.writeOpaque(out, owner);
    Xdr.writeOpaque(out, owner);
    out.writeInt(0); // no implementation id
  }
}
