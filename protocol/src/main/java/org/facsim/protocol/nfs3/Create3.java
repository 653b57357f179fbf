/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** CREATE, RFC 1813 section 3.3.8: makes a regular file. Its outcome is a {@link Made3}. */
public final class Create3 {
  public static final int PROCEDURE = 8;

  private Create3() {}

  /**
   * The arguments.
   *
   * @param directory where to make it
   * @param name its name
   * @param how what to do if the name is taken, and the attributes
   */
  public record Args(Nfs3Handle directory, Name3 name, How how) {
    public static Args decode(ByteBuf in) {
      return new Args(Nfs3Handle.decode(in), Name3.decode(in), How.decode(in));
    }

    public void encode(ByteBuf out) {
      directory.encode(out);
      name.encode(out);
      how.encode(out);
    }
  }

  /** What to do if the name is taken: {@code createhow3}. */
  public sealed interface How {
    static How decode(ByteBuf in) {
      int mode = Xdr.readInt(in);
      return switch (mode) {
        case 0 -> new Unchecked(Sattr3.decode(in));
        case 1 -> new Guarded(Sattr3.decode(in));
        case 2 -> new Exclusive(Xdr.readLong(in));
        default -> throw new XdrException("createmode3 of value " + mode);
      };
    }

    void encode(ByteBuf out);
  }

  /** Open the existing file. */
  public record Unchecked(Sattr3 attributes) implements How {
    @Override
    public void encode(ByteBuf out) {
      out.writeInt(0);
      attributes.encode(out);
    }
  }

  /** Fail with EXIST. */
  public record Guarded(Sattr3 attributes) implements How {
    @Override
    public void encode(ByteBuf out) {
      out.writeInt(1);
      attributes.encode(out);
    }
  }

  /**
   * Fail with EXIST unless this same call made the file.
   *
   * @param verifier made up by the client, unique to the call
   */
  public record Exclusive(long verifier) implements How {
    @Override
    public void encode(ByteBuf out) {
      out.writeInt(2);
      out.writeLong(verifier);
    }
  }
}
