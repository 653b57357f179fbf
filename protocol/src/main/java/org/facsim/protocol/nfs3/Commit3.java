/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;
import org.facsim.protocol.xdr.Xdr;

/** COMMIT, RFC 1813 section 3.3.21: forces unstable writes to stable storage. */
public final class Commit3 {
  public static final int PROCEDURE = 21;

  private Commit3() {}

  /**
   * The arguments.
   *
   * @param handle the file
   * @param offsetBytes start of the range
   * @param countBytes its length, 0 for up to the end, 0 to 2^32-1
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
      throw new Nfs3Exception("COMMIT", this);
    }
  }

  /**
   * Success.
   *
   * @param wcc the object before and after
   * @param writeVerifier differs from that of a WRITE if its data may be lost
   */
  public record Ok(WccData wcc, long writeVerifier) implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(WccData.decode(in), Xdr.readLong(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      wcc.encode(out);
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
