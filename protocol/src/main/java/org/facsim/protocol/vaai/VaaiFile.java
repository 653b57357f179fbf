/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** {@code vaai_file}: how a call names a file. */
public sealed interface VaaiFile {
  /** A path below the session's export, at most {@link VaaiNas#MAX_PATH} bytes. */
  static VaaiFile byPath(String path) {
    return new ByPath(Opaque.of(path));
  }

  /** An NFS handle, at most {@link VaaiNas#MAX_HANDLE} bytes. */
  static VaaiFile byHandle(byte[] handle) {
    return new ByHandle(Opaque.of(handle));
  }

  /** A name in a directory, for a file that need not exist yet. */
  static VaaiFile byEntry(byte[] directory, String name) {
    return new ByEntry(Opaque.of(directory), Opaque.of(name));
  }

  void encode(ByteBuf out);

  static VaaiFile decode(ByteBuf in) {
    int kind = Xdr.readInt(in);
    return switch (kind) {
      case ByPath.KIND -> new ByPath(Opaque.decode(in, VaaiNas.MAX_PATH));
      case ByHandle.KIND -> new ByHandle(Opaque.decode(in, VaaiNas.MAX_HANDLE));
      case ByEntry.KIND ->
          new ByEntry(Opaque.decode(in, VaaiNas.MAX_HANDLE), Opaque.decode(in, VaaiNas.MAX_NAME));
      default -> throw new XdrException("vaai_file_kind " + kind);
    };
  }

  /** Bytes separated by {@code /}, below the session's export. */
  record ByPath(Opaque path) implements VaaiFile {
    static final int KIND = 0;

    public ByPath {
      path.atMost(VaaiNas.MAX_PATH, "path");
    }

    @Override
    public void encode(ByteBuf out) {
      out.writeInt(KIND);
      path.encode(out);
    }

    @Override
    public String toString() {
      return path.toText();
    }
  }

  /** A handle as NFS answered it. */
  record ByHandle(Opaque handle) implements VaaiFile {
    static final int KIND = 1;

    public ByHandle {
      handle.atMost(VaaiNas.MAX_HANDLE, "handle");
    }

    @Override
    public void encode(ByteBuf out) {
      out.writeInt(KIND);
      handle.encode(out);
    }
  }

  /** A name in the directory of a handle. */
  record ByEntry(Opaque directory, Opaque name) implements VaaiFile {
    static final int KIND = 2;

    public ByEntry {
      Objects.requireNonNull(name);
      directory.atMost(VaaiNas.MAX_HANDLE, "handle");
      name.atMost(VaaiNas.MAX_NAME, "name");
    }

    @Override
    public void encode(ByteBuf out) {
      out.writeInt(KIND);
      directory.encode(out);
      name.encode(out);
    }

    @Override
    public String toString() {
      return directory + ":" + name.toText();
    }
  }
}
