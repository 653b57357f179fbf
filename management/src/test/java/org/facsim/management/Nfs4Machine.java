/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.nfs4.Op4;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.xdr.Xdr;

/** A machine that uses NFSv4.0 and does nothing with it but say who it is. */
final class Nfs4Machine {
  private static final int NFS = 100003;
  private static final int COMPOUND = 1;

  private Nfs4Machine() {}

  private record Introduced(long id, long confirmation) {}

  /**
   * Makes the machine known to the array, and confirms it (RFC 7530 section 9.1.1).
   *
   * @return the id that the array gave it
   * @throws IllegalStateException if the array refuses
   */
  static long introduce(RpcClient rpc, String name) {
    Introduced introduced =
        ask(
            rpc,
            Op4.SETCLIENTID,
            out -> {
              out.writeLong(1); // the verifier: this start of the machine
              Xdr.writeString(out, name);
              out.writeInt(0x40000000);
              Xdr.writeString(out, "tcp");
              Xdr.writeString(out, "127.0.0.1.0.9"); // nobody answers callbacks there
              out.writeInt(1);
            },
            in -> new Introduced(in.readLong(), in.readLong()));
    return ask(
        rpc,
        Op4.SETCLIENTID_CONFIRM,
        out -> out.writeLong(introduced.id()).writeLong(introduced.confirmation()),
        in -> introduced.id());
  }

  private static <T> T ask(
      RpcClient rpc, int operation, Consumer<ByteBuf> arguments, Function<ByteBuf, T> result) {
    return rpc.call(
            NFS,
            4,
            COMPOUND,
            out -> {
              Xdr.writeString(out, ""); // tag
              out.writeInt(0).writeInt(1).writeInt(operation);
              arguments.accept(out);
            },
            in -> {
              int status = in.readInt();
              if (status != 0) {
                throw new IllegalStateException("operation " + operation + ": status " + status);
              }
              in.skipBytes(Integer.BYTES * 4); // empty tag, one result, its operation and status
              return result.apply(in);
            })
        .join();
  }
}
