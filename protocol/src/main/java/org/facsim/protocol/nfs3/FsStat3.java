/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * FSSTAT, RFC 1813 section 3.3.18: space and inodes of a file system. Its arguments are {@link
 * ObjectArgs3}.
 */
public final class FsStat3 {
  public static final int PROCEDURE = 18;

  private FsStat3() {}

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
      return Nfs3Result.success(result, Ok.class, "FSSTAT");
    }
  }

  /**
   * Success.
   *
   * @param attributes the attributes, or null
   * @param totalBytes size of the file system
   * @param freeBytes bytes not in use
   * @param availableBytes bytes that this caller may use
   * @param totalFiles inodes in all
   * @param freeFiles inodes not in use
   * @param availableFiles inodes that this caller may use
   * @param invariantSeconds how long the figures will hold, 0 to 2^32-1
   */
  public record Ok(
      Fattr3 attributes,
      long totalBytes,
      long freeBytes,
      long availableBytes,
      long totalFiles,
      long freeFiles,
      long availableFiles,
      long invariantSeconds)
      implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(
          Fattr3.decodePostOp(in),
          Xdr.readUnsignedLongSaturated(in),
          Xdr.readUnsignedLongSaturated(in),
          Xdr.readUnsignedLongSaturated(in),
          Xdr.readUnsignedLongSaturated(in),
          Xdr.readUnsignedLongSaturated(in),
          Xdr.readUnsignedLongSaturated(in),
          Xdr.readUnsignedInt(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      Fattr3.encodePostOp(out, attributes);
      out.writeLong(totalBytes);
      out.writeLong(freeBytes);
      out.writeLong(availableBytes);
      out.writeLong(totalFiles);
      out.writeLong(freeFiles);
      out.writeLong(availableFiles);
      out.writeInt((int) invariantSeconds);
    }
  }
}
