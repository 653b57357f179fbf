/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/**
 * The outcome of CREATE, MKDIR, SYMLINK and MKNOD, RFC 1813 sections 3.3.8 to 3.3.11: they have the
 * same form on the wire.
 */
public sealed interface Made3 extends Nfs3Result {
  static Made3 decode(ByteBuf in) {
    Nfs3Status status = Nfs3Status.decode(in);
    return status == Nfs3Status.OK ? Ok.decode(in) : new Fail(status, WccData.decode(in));
  }

  /**
   * The success.
   *
   * @param procedure the procedure's name in RFC 1813
   * @throws Nfs3Exception carrying this result if it is a failure
   */
  default Ok orThrow(String procedure) {
    return Nfs3Result.success(this, Ok.class, procedure);
  }

  /**
   * Success.
   *
   * @param handle the new object, or null
   * @param attributes its attributes, or null
   * @param directory the directory before and after
   */
  record Ok(Nfs3Handle handle, Fattr3 attributes, WccData directory) implements Made3 {
    static Ok decode(ByteBuf in) {
      return new Ok(Nfs3Handle.decodePostOp(in), Fattr3.decodePostOp(in), WccData.decode(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      Nfs3Handle.encodePostOp(out, handle);
      Fattr3.encodePostOp(out, attributes);
      directory.encode(out);
    }
  }

  /**
   * Failure.
   *
   * @param status never OK
   * @param directory the directory before and after
   */
  record Fail(Nfs3Status status, WccData directory) implements Made3 {
    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
      directory.encode(out);
    }
  }
}
