/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** MKNOD, RFC 1813 section 3.3.11: makes a device file, socket or FIFO. */
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

  /** The outcome. */
  public sealed interface Result extends Nfs3Result {
    static Result decode(ByteBuf in) {
      Nfs3Status status = Nfs3Status.decode(in);
      return status == Nfs3Status.OK ? Ok.decode(in) : Fail.decode(status, in);
    }

    /**
     * The success.
     *
     * @throws Nfs3Exception carrying this result if it is a failure
     */
    default Ok orThrow() {
      if (this instanceof Ok ok) {
        return ok;
      }
      throw new Nfs3Exception("MKNOD", this);
    }
  }

  /**
   * Success.
   *
   * @param handle the new object, or null
   * @param attributes the attributes, or null
   * @param directory the directory before and after
   */
  public record Ok(Nfs3Handle handle, Fattr3 attributes, WccData directory) implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(Nfs3Handle.decodePostOp(in), Fattr3.decodePostOp(in), WccData.decode(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      Nfs3Handle.encodePostOp(out, handle);
      Fattr3.encodePostOp(out, attributes);
      directory.encode(out);
    }
  }

  /**
   * Failure.
   *
   * @param status never OK
   * @param directory the directory before and after
   */
  public record Fail(Nfs3Status status, WccData directory) implements Result {
    static Fail decode(Nfs3Status status, ByteBuf in) {
      return new Fail(status, WccData.decode(in));
    }

    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
      directory.encode(out);
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
