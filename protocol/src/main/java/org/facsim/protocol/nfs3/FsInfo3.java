/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * FSINFO, RFC 1813 section 3.3.19: limits and abilities of a file system. Its arguments are {@link
 * ObjectArgs3}.
 */
public final class FsInfo3 {
  public static final int PROCEDURE = 19;

  private FsInfo3() {}

  /** The outcome. */
  public sealed interface Result extends Nfs3Result permits Ok, PostOpFailure3 {
    static Result decode(ByteBuf in) {
      Nfs3Status status = Nfs3Status.decode(in);
      return status == Nfs3Status.OK ? Ok.decode(in) : PostOpFailure3.decode(status, in);
    }

    /**
     * The success.
     *
     * @throws Nfs3Exception carrying the result if it is a failure
     */
    static Ok orThrow(Result result) {
      return Nfs3Result.success(result, Ok.class, "FSINFO");
    }
  }

  /**
   * Success.
   *
   * @param attributes the attributes, or null
   * @param readMaxBytes the most a READ moves
   * @param readPreferredBytes the best READ size
   * @param readMultipleBytes READ sizes are best a multiple of this
   * @param writeMaxBytes the most a WRITE moves
   * @param writePreferredBytes the best WRITE size
   * @param writeMultipleBytes WRITE sizes are best a multiple of this
   * @param directoryPreferredBytes the best READDIR size
   * @param maxFileBytes the largest file
   * @param timeDeltaNanos resolution of timestamps
   * @param properties {@link Nfs3#PROPERTY_LINK} and its siblings
   */
  public record Ok(
      Fattr3 attributes,
      long readMaxBytes,
      long readPreferredBytes,
      long readMultipleBytes,
      long writeMaxBytes,
      long writePreferredBytes,
      long writeMultipleBytes,
      long directoryPreferredBytes,
      long maxFileBytes,
      long timeDeltaNanos,
      int properties)
      implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(
          Fattr3.decodePostOp(in),
          Xdr.readUnsignedInt(in),
          Xdr.readUnsignedInt(in),
          Xdr.readUnsignedInt(in),
          Xdr.readUnsignedInt(in),
          Xdr.readUnsignedInt(in),
          Xdr.readUnsignedInt(in),
          Xdr.readUnsignedInt(in),
          Xdr.readUnsignedLongSaturated(in),
          Time3.decode(in),
          Xdr.readInt(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      Fattr3.encodePostOp(out, attributes);
      out.writeInt((int) readMaxBytes);
      out.writeInt((int) readPreferredBytes);
      out.writeInt((int) readMultipleBytes);
      out.writeInt((int) writeMaxBytes);
      out.writeInt((int) writePreferredBytes);
      out.writeInt((int) writeMultipleBytes);
      out.writeInt((int) directoryPreferredBytes);
      out.writeLong(maxFileBytes);
      Time3.encode(out, timeDeltaNanos);
      out.writeInt(properties);
    }
  }
}
