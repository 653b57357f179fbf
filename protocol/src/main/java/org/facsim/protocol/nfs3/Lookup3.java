/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** LOOKUP, RFC 1813 section 3.3.3: a name in a directory. */
public final class Lookup3 {
  public static final int PROCEDURE = 3;

  private Lookup3() {}

  /**
   * The arguments.
   *
   * @param directory where to look
   * @param name what to find
   */
  public record Args(Nfs3Handle directory, Name3 name) {
    public static Args decode(ByteBuf in) {
      return new Args(Nfs3Handle.decode(in), Name3.decode(in));
    }

    public void encode(ByteBuf out) {
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
      throw new Nfs3Exception("LOOKUP", this);
    }
  }

  /**
   * Success.
   *
   * @param handle the object found
   * @param attributes the attributes, or null
   * @param directoryAttributes the directory's attributes, or null
   */
  public record Ok(Nfs3Handle handle, Fattr3 attributes, Fattr3 directoryAttributes)
      implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(Nfs3Handle.decode(in), Fattr3.decodePostOp(in), Fattr3.decodePostOp(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      handle.encode(out);
      Fattr3.encodePostOp(out, attributes);
      Fattr3.encodePostOp(out, directoryAttributes);
    }
  }

  /**
   * Failure.
   *
   * @param status never OK
   * @param directoryAttributes the directory's attributes, or null
   */
  public record Fail(Nfs3Status status, Fattr3 directoryAttributes) implements Result {
    static Fail decode(Nfs3Status status, ByteBuf in) {
      return new Fail(status, Fattr3.decodePostOp(in));
    }

    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
      Fattr3.encodePostOp(out, directoryAttributes);
    }
  }
}
