/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.function.Consumer;
import org.facsim.embedded.RawCalls.Call;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.nfs3.Create3;
import org.facsim.protocol.nfs3.Name3;
import org.facsim.protocol.nfs3.Nfs3;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nlm.NetObject;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmLockArgs;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.xdr.Xdr;

/** Calls of many kinds, whose records tests put together. */
final class MixedRun {
  static final int LOOKUP = 3;
  static final int WRITE = 7;
  static final int RENAME = 14;

  private MixedRun() {}

  static Call nfs(int procedure, Consumer<ByteBuf> arguments) {
    return new Call(Nfs3.PROGRAM, Nfs3.VERSION, procedure, arguments);
  }

  static Call getattr(Nfs3Handle handle) {
    return nfs(1, handle::encode);
  }

  static Call named(int procedure, Nfs3Handle directory, String name) {
    return nfs(
        procedure,
        out -> {
          directory.encode(out);
          Xdr.writeString(out, name);
        });
  }

  static Call rename(Nfs3Handle from, String name, Nfs3Handle to, String newName) {
    return nfs(
        RENAME,
        out -> {
          from.encode(out);
          Xdr.writeString(out, name);
          to.encode(out);
          Xdr.writeString(out, newName);
        });
  }

  static Call create(Nfs3Handle directory, String name) {
    return nfs(
        8, new Create3.Args(directory, Name3.of(name), new Create3.Unchecked(Sattr3.NONE))::encode);
  }

  static Call write(Nfs3Handle file, int bytes) {
    return nfs(
        WRITE,
        out -> {
          file.encode(out);
          out.writeLong(0).writeInt(bytes).writeInt(2);
          out.writeInt(bytes).writeBytes(Unpooled.wrappedBuffer(new byte[(bytes + 3) & ~3]));
        });
  }

  static Call read(Nfs3Handle file, int bytes) {
    return nfs(
        6,
        out -> {
          file.encode(out);
          out.writeLong(0).writeInt(bytes);
        });
  }

  static Call mount(String path) {
    return new Call(
        Mount.PROGRAM, Mount.HIGHEST_VERSION, Mount.MNT, out -> Xdr.writeString(out, path));
  }

  static Call lock(Nfs3Handle file) {
    NetObject cookie = NetObject.of(new byte[] {1, 2, 3, 4});
    return new Call(
        Nlm.PROGRAM,
        Nlm.VERSION,
        Nlm.LOCK,
        new NlmLockArgs(cookie, false, true, new NlmLock("host", file, cookie, 1, 0, 10), false, 0)
            ::encode);
  }

  static Call getPort() {
    return new Call(
        PortmapProgram.NUMBER,
        PortmapProgram.VERSION,
        PortmapProgram.GETPORT,
        new PortMapping(Nfs3.PROGRAM, Nfs3.VERSION, PortMapping.TCP, 0)::write);
  }

  /** The handle in the results of LOOKUP or MNT, or of CREATE with {@code at} 8. */
  static Nfs3Handle handleIn(RawCalls.Answer answer, int at) throws IOException {
    if (answer.results().getInt(0) != 0) {
      throw new IOException("status " + answer.results().getInt(0));
    }
    byte[] handle = new byte[answer.results().getInt(at)];
    answer.results().getBytes(at + 4, handle);
    return Nfs3Handle.of(handle);
  }
}
