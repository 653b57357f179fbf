/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** READ, RFC 1813 section 3.3.6: data of a file. */
public final class Read3 {
  public static final int PROCEDURE = 6;

  /**
   * The size of what precedes the data of a successful reply with attributes: status, attributes,
   * count, end-of-file flag and the length of the data.
   */
  public static final int OK_HEADER_BYTES = 4 + Fattr3.POST_OP_SIZE_BYTES + 4 + 4 + 4;

  private Read3() {}

  /**
   * Appends the {@value #OK_HEADER_BYTES} bytes before the data, for a server that has written the
   * data itself behind them. The caller then moves the writer index over the data and appends its
   * padding.
   *
   * @param attributes never null
   */
  public static void encodeOkHeader(
      ByteBuf out, Fattr3 attributes, int countBytes, boolean endOfFile) {
    Nfs3Status.OK.encode(out);
    Fattr3.encodePostOp(out, attributes);
    out.writeInt(countBytes);
    Xdr.writeBoolean(out, endOfFile);
    out.writeInt(countBytes);
  }

  /**
   * The arguments.
   *
   * @param handle the file
   * @param offsetBytes where to start, saturated at {@link Long#MAX_VALUE}
   * @param countBytes how much is wanted, 0 to 2^32-1
   */
  public record Args(Nfs3Handle handle, long offsetBytes, long countBytes) {
    public static Args decode(ByteBuf in) {
      return new Args(
          Nfs3Handle.decode(in), Xdr.readUnsignedLongSaturated(in), Xdr.readUnsignedInt(in));
    }

    public void encode(ByteBuf out) {
      handle.encode(out);
      out.writeLong(offsetBytes);
      out.writeInt((int) countBytes);
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
      throw new Nfs3Exception("READ", this);
    }
  }

  /**
   * Success.
   *
   * @param attributes the attributes, or null
   * @param countBytes bytes of data
   * @param endOfFile whether the data reaches the end of the file
   * @param data what was read: on arrival a slice of the connection's buffer, see {@link
   *     Nfs3Client#read}
   */
  public record Ok(Fattr3 attributes, long countBytes, boolean endOfFile, ByteBuf data)
      implements Result {
    static Ok decode(ByteBuf in) {
      Fattr3 attributes = Fattr3.decodePostOp(in);
      long countBytes = Xdr.readUnsignedInt(in);
      boolean endOfFile = Xdr.readBoolean(in);
      ByteBuf data = Xdr.readOpaqueSlice(in, Nfs3.MAX_TRANSFER_BYTES);
      if (data.readableBytes() != countBytes) {
        throw new XdrException(
            "READ counts " + countBytes + " bytes and carries " + data.readableBytes());
      }
      return new Ok(attributes, countBytes, endOfFile, data);
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      Fattr3.encodePostOp(out, attributes);
      out.writeInt((int) countBytes);
      Xdr.writeBoolean(out, endOfFile);
      Nfs3.encodeData(out, data);
    }
  }

  /**
   * Failure.
   *
   * @param status never OK
   * @param attributes the attributes, or null
   */
  public record Fail(Nfs3Status status, Fattr3 attributes) implements Result {
    static Fail decode(Nfs3Status status, ByteBuf in) {
      return new Fail(status, Fattr3.decodePostOp(in));
    }

    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
      Fattr3.encodePostOp(out, attributes);
    }
  }
}
