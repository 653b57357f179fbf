/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/**
 * PATHCONF, RFC 1813 section 3.3.20: limits of names and links. Its arguments are {@link
 * ObjectArgs3}.
 */
public final class PathConf3 {
  public static final int PROCEDURE = 20;

  private PathConf3() {}

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
      return Nfs3Result.success(result, Ok.class, "PATHCONF");
    }
  }

  /**
   * Success.
   *
   * @param attributes the attributes, or null
   * @param maxLinks the most names of one file
   * @param maxNameBytes the longest name
   * @param noTruncation longer names are refused, not shortened
   * @param chownRestricted only root gives files away
   * @param caseInsensitive names that differ in case only are equal
   * @param casePreserving names keep their case
   */
  public record Ok(
      Fattr3 attributes,
      long maxLinks,
      long maxNameBytes,
      boolean noTruncation,
      boolean chownRestricted,
      boolean caseInsensitive,
      boolean casePreserving)
      implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(
          Fattr3.decodePostOp(in),
          Xdr.readUnsignedInt(in),
          Xdr.readUnsignedInt(in),
          Xdr.readBoolean(in),
          Xdr.readBoolean(in),
          Xdr.readBoolean(in),
          Xdr.readBoolean(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      Fattr3.encodePostOp(out, attributes);
      out.writeInt((int) maxLinks);
      out.writeInt((int) maxNameBytes);
      Xdr.writeBoolean(out, noTruncation);
      Xdr.writeBoolean(out, chownRestricted);
      Xdr.writeBoolean(out, caseInsensitive);
      Xdr.writeBoolean(out, casePreserving);
    }
  }
}
