/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** SETATTR, RFC 1813 section 3.3.2: changes attributes. */
public final class SetAttr3 {
  public static final int PROCEDURE = 2;

  private SetAttr3() {}

  /**
   * The arguments.
   *
   * @param handle the object
   * @param attributes what to change
   * @param expectedChangeTimeNanos the change time that the object must still have, in nanoseconds
   *     since the epoch, or null
   */
  public record Args(Nfs3Handle handle, Sattr3 attributes, Long expectedChangeTimeNanos) {
    public static Args decode(ByteBuf in) {
      return new Args(Nfs3Handle.decode(in), Sattr3.decode(in), Time3.decodeGuard(in));
    }

    public void encode(ByteBuf out) {
      handle.encode(out);
      attributes.encode(out);
      Time3.encodeGuard(out, expectedChangeTimeNanos);
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
      throw new Nfs3Exception("SETATTR", this);
    }
  }

  /**
   * Success.
   *
   * @param wcc the object before and after
   */
  public record Ok(WccData wcc) implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(WccData.decode(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      wcc.encode(out);
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
