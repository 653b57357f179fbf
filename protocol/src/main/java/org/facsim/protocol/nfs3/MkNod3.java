/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * MKNOD, RFC 1813 section 3.3.11: makes a device file, socket or FIFO. Its outcome is a {@link
 * Made3}.
 */
public final class MkNod3 {
  public static final int PROCEDURE = 11;

  private MkNod3() {}

  /**
   * The arguments.
   *
   * @param directory where to make it
   * @param name its name
   * @param what the kind of file and its attributes
   */
  public record Args(Nfs3Handle directory, Name3 name, What what) {
    public static Args decode(ByteBuf in) {
      return new Args(Nfs3Handle.decode(in), Name3.decode(in), What.decode(in));
    }

    public void encode(ByteBuf out) {
      directory.encode(out);
      name.encode(out);
      what.encode(out);
    }
  }

  /**
   * What to make: {@code mknoddata3}.
   *
   * @param type any; a server refuses those that other procedures make with BADTYPE
   * @param attributes of the new object; nothing on the wire for the types that are refused
   * @param deviceMajor for device files, 0 to 2^32-1
   * @param deviceMinor for device files, 0 to 2^32-1
   */
  public record What(FileType3 type, Sattr3 attributes, long deviceMajor, long deviceMinor) {
    static What decode(ByteBuf in) {
      FileType3 type = FileType3.decode(in);
      return switch (type) {
        case BLOCK_DEVICE, CHARACTER_DEVICE ->
            new What(type, Sattr3.decode(in), Xdr.readUnsignedInt(in), Xdr.readUnsignedInt(in));
        case SOCKET, FIFO -> new What(type, Sattr3.decode(in), 0, 0);
        case REGULAR, DIRECTORY, SYMBOLIC_LINK -> new What(type, Sattr3.NONE, 0, 0);
      };
    }

    void encode(ByteBuf out) {
      type.encode(out);
      switch (type) {
        case BLOCK_DEVICE, CHARACTER_DEVICE -> {
          attributes.encode(out);
          out.writeInt((int) deviceMajor);
          out.writeInt((int) deviceMinor);
        }
        case SOCKET, FIFO -> attributes.encode(out);
        case REGULAR, DIRECTORY, SYMBOLIC_LINK -> {}
      }
    }
  }
}
