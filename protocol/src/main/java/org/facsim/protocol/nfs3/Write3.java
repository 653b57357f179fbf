/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** WRITE, RFC 1813 section 3.3.7: data into a file. */
public final class Write3 {
  public static final int PROCEDURE = 7;

  private Write3() {}

  /**
   * The arguments.
   *
   * @param handle the file
   * @param offsetBytes where to start, saturated at {@link Long#MAX_VALUE}
   * @param countBytes bytes to write, 0 to 2^32-1: a correct client sends the length of the data
   * @param stable how safe the data must be before the reply
   * @param data on arrival a slice of the connection's buffer
   */
  public record Args(
      Nfs3Handle handle, long offsetBytes, long countBytes, StableHow stable, ByteBuf data) {
    public static Args decode(ByteBuf in) {
      return new Args(
          Nfs3Handle.decode(in),
          Xdr.readUnsignedLongSaturated(in),
          Xdr.readUnsignedInt(in),
          StableHow.decode(in),
          Xdr.readOpaqueSlice(in, Nfs3.MAX_TRANSFER_BYTES));
    }

    public void encode(ByteBuf out) {
      encodeUpToData(out);
      Nfs3.encodeData(out, data);
    }

    /** Appends everything except the data, which follows as variable-length opaque data. */
    void encodeUpToData(ByteBuf out) {
      handle.encode(out);
      out.writeLong(offsetBytes);
      out.writeInt((int) countBytes);
      stable.encode(out);
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
      throw new Nfs3Exception("WRITE", this);
    }
  }

  /**
   * Success.
   *
   * @param wcc the object before and after
   * @param countBytes bytes written
   * @param committed how safe the data is now
   * @param writeVerifier changes when unstable data may have been lost
   */
  public record Ok(WccData wcc, long countBytes, StableHow committed, long writeVerifier)
      implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(
          WccData.decode(in), Xdr.readUnsignedInt(in), StableHow.decode(in), Xdr.readLong(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      wcc.encode(out);
      out.writeInt((int) countBytes);
      committed.encode(out);
      out.writeLong(writeVerifier);
    }
  }

  /**
   * Failure.
   *
   * @param status never OK
   * @param wcc the object before and after
   */
  public record Fail(Nfs3Status status, WccData wcc) implements Result {
    static Fail decode(Nfs3Status status, ByteBuf in) {
      return new Fail(status, WccData.decode(in));
    }

    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
      wcc.encode(out);
    }
  }
}
