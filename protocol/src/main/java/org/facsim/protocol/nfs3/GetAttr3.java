/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** GETATTR, RFC 1813 section 3.3.1: the attributes of an object. */
public final class GetAttr3 {
  public static final int PROCEDURE = 1;

  private GetAttr3() {}

  /**
   * The arguments.
   *
   * @param handle the object
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
      return status == Nfs3Status.OK ? Ok.decode(in) : new Fail(status);
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
      throw new Nfs3Exception("GETATTR", this);
    }
  }

  /**
   * Success.
   *
   * @param attributes never null
   */
  public record Ok(Fattr3 attributes) implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(Fattr3.decode(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      attributes.encode(out);
    }
  }

  /**
   * Failure.
   *
   * @param status never OK
   */
  public record Fail(Nfs3Status status) implements Result {
    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
    }
  }
}
