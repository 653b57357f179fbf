/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** READLINK, RFC 1813 section 3.3.5: the target of a symbolic link. */
public final class ReadLink3 {
  public static final int PROCEDURE = 5;

  private ReadLink3() {}

  /**
   * The arguments.
   *
   * @param handle the link
   */
  public record Args(Nfs3Handle handle) {
    public static Args decode(ByteBuf in) {
      return new Args(Nfs3Handle.decode(in));
    }

    public void encode(ByteBuf out) {
      handle.encode(out);
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
      throw new Nfs3Exception("READLINK", this);
    }
  }

  /**
   * Success.
   *
   * @param attributes the attributes, or null
   * @param target never parsed
   */
  public record Ok(Fattr3 attributes, Name3 target) implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(Fattr3.decodePostOp(in), Name3.decode(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      Fattr3.encodePostOp(out, attributes);
      target.encode(out);
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
