/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.compare;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.xdr.Xdr;

/**
 * One client of NFSv4: a connection, a client id, and from minor version 1 on a session with one
 * slot. It has no back channel, so that it is given no delegations, which the server may give or
 * not as it likes.
 */
final class Link4 implements AutoCloseable {
  private static final int CALLBACK_PROGRAM = 0x4000_0000;
  private static final int TRANSFER_BYTES = (1 << 20) + (1 << 16);
  private static final int MAX_OPERATIONS = 16;

  private final RpcClient rpc;
  private final int minor;
  private final byte[] session = new byte[Nfs4.SESSION_ID_BYTES];
  private long clientId;
  private int sequence;

  Link4(Address address, int client, int minor, String name) {
    this.minor = minor;
    rpc = address.connect(client);
    if (minor == 0) {
      setClientId(name);
    } else {
      createSession(name);
    }
  }

  long clientId() {
    return clientId;
  }

  /** Sends operations behind a SEQUENCE of their own. */
  Facts send(Compound operations) {
    return operations.send(rpc, minor);
  }

  /** A COMPOUND that begins as this client's must. */
  Compound compound() {
    Compound compound = new Compound();
    if (minor > 0) {
      int number = ++sequence;
      compound.add(
          Op4.SEQUENCE,
          out -> {
            out.writeBytes(session).writeInt(number).writeInt(0).writeInt(0);
            Xdr.writeBoolean(out, false);
          },
          (in, facts) -> in.skipBytes(Nfs4.SESSION_ID_BYTES + 5 * Integer.BYTES));
    }
    return compound;
  }

  private void setClientId(String name) {
    long[] confirm = new long[1];
    required(
        Op4.SETCLIENTID,
        out -> {
          out.writeLong(System.nanoTime());
          Xdr.writeString(out, name);
          out.writeInt(CALLBACK_PROGRAM);
          Xdr.writeString(out, "tcp");
          Xdr.writeString(out, "0.0.0.0.0.0");
          out.writeInt(1);
        },
        (in, facts) -> {
          clientId = in.readLong();
          confirm[0] = in.readLong();
        });
    required(
        Op4.SETCLIENTID_CONFIRM,
        out -> out.writeLong(clientId).writeLong(confirm[0]),
        Compound.NOTHING);
  }

  private void createSession(String name) {
    int[] createSequence = new int[1];
    required(
        Op4.EXCHANGE_ID,
        out -> {
          out.writeLong(System.nanoTime());
          Xdr.writeOpaque(out, name.getBytes(UTF_8));
          // no flags, no state protection, no implementation id
          out.writeInt(0).writeInt(0).writeInt(0);
        },
        (in, facts) -> {
          clientId = in.readLong();
          createSequence[0] = in.readInt();
          in.skipBytes(in.readableBytes());
        });
    required(
        Op4.CREATE_SESSION,
        out -> {
          out.writeLong(clientId).writeInt(createSequence[0]).writeInt(0);
          channel(out);
          channel(out);
          out.writeInt(CALLBACK_PROGRAM).writeInt(1).writeInt(0);
        },
        (in, facts) -> {
          in.readBytes(session);
          in.skipBytes(in.readableBytes());
        });
    Facts reclaimed =
        send(
            compound()
                .add(Op4.RECLAIM_COMPLETE, out -> Xdr.writeBoolean(out, false), Compound.NOTHING));
    require(Op4.RECLAIM_COMPLETE, reclaimed);
  }

  private static void channel(ByteBuf out) {
    out.writeInt(0).writeInt(TRANSFER_BYTES).writeInt(TRANSFER_BYTES).writeInt(1 << 12);
    out.writeInt(MAX_OPERATIONS).writeInt(1).writeInt(0);
  }

  private void required(
      int number, Consumer<ByteBuf> arguments, BiConsumer<ByteBuf, Facts> results) {
    require(number, new Compound().add(number, arguments, results).send(rpc, minor));
  }

  private static void require(int number, Facts facts) {
    if (!facts.isOk()) {
      throw new CompareException(Op4.name(number) + " was answered " + facts.status());
    }
  }

  /** Gives session and client id back. */
  @Override
  public void close() {
    if (minor > 0) {
      new Compound()
          .add(Op4.DESTROY_SESSION, out -> out.writeBytes(session), Compound.NOTHING)
          .send(rpc, minor);
      new Compound()
          .add(Op4.DESTROY_CLIENTID, out -> out.writeLong(clientId), Compound.NOTHING)
          .send(rpc, minor);
    }
    rpc.close();
  }
}
