/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** MKDIR, RFC 1813 section 3.3.9: makes a directory. */
public final class MkDir3 {
  public static final int PROCEDURE = 9;

  private MkDir3() {}

  /**
   * The arguments.
   *
   * @param directory where to make it
   * @param name its name
   * @param attributes of the new directory
   */
  public record Args(Nfs3Handle directory, Name3 name, Sattr3 attributes) {
    public static Args decode(ByteBuf in) {
      return new Args(Nfs3Handle.decode(in), Name3.decode(in), Sattr3.decode(in));
    }

    public void encode(ByteBuf out) {
      directory.encode(out);
      name.encode(out);
      attributes.encode(out);
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
      throw new Nfs3Exception("MKDIR", this);
    }
  }

  /**
   * Success.
   *
   * @param handle the new directory, or null
   * @param attributes the attributes, or null
   * @param directory the directory before and after
   */
  public record Ok(Nfs3Handle handle, Fattr3 attributes, WccData directory) implements Result {
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
  public record Fail(Nfs3Status status, WccData directory) implements Result {
    static Fail decode(Nfs3Status status, ByteBuf in) {
      return new Fail(status, WccData.decode(in));
    }

    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
      directory.encode(out);
    }
  }
}
