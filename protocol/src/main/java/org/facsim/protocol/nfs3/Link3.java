/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** LINK, RFC 1813 section 3.3.15: gives a file one more name. */
public final class Link3 {
  public static final int PROCEDURE = 15;

  private Link3() {}

  /**
   * The arguments.
   *
   * @param handle the file
   * @param directory where the new name goes
   * @param name the new name
   */
  public record Args(Nfs3Handle handle, Nfs3Handle directory, Name3 name) {
    public static Args decode(ByteBuf in) {
      return new Args(Nfs3Handle.decode(in), Nfs3Handle.decode(in), Name3.decode(in));
    }

    public void encode(ByteBuf out) {
      handle.encode(out);
      directory.encode(out);
      name.encode(out);
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
      throw new Nfs3Exception("LINK", this);
    }
  }

  /**
   * Success.
   *
   * @param attributes the attributes, or null
   * @param directory the directory before and after
   */
  public record Ok(Fattr3 attributes, WccData directory) implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(Fattr3.decodePostOp(in), WccData.decode(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      Fattr3.encodePostOp(out, attributes);
      directory.encode(out);
    }
  }

  /**
   * Failure.
   *
   * @param status never OK
   * @param attributes the attributes, or null
   * @param directory the directory before and after
   */
  public record Fail(Nfs3Status status, Fattr3 attributes, WccData directory) implements Result {
    static Fail decode(Nfs3Status status, ByteBuf in) {
      return new Fail(status, Fattr3.decodePostOp(in), WccData.decode(in));
    }

    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
      Fattr3.encodePostOp(out, attributes);
      directory.encode(out);
    }
  }
}
