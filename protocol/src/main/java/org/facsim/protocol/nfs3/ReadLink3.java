/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/**
 * READLINK, RFC 1813 section 3.3.5: the target of a symbolic link. Its arguments are {@link
 * ObjectArgs3}.
 */
public final class ReadLink3 {
  public static final int PROCEDURE = 5;

  private ReadLink3() {}

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
      return Nfs3Result.success(result, Ok.class, "READLINK");
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
}
