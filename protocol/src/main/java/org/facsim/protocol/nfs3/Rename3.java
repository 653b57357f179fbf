/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** RENAME, RFC 1813 section 3.3.14: moves a name, replacing what is at its new place. */
public final class Rename3 {
  public static final int PROCEDURE = 14;

  private Rename3() {}

  /**
   * The arguments.
   *
   * @param fromDirectory where the name is
   * @param fromName the name
   * @param toDirectory where it goes
   * @param toName its new name
   */
  public record Args(
      Nfs3Handle fromDirectory, Name3 fromName, Nfs3Handle toDirectory, Name3 toName) {
    public static Args decode(ByteBuf in) {
      return new Args(
          Nfs3Handle.decode(in), Name3.decode(in), Nfs3Handle.decode(in), Name3.decode(in));
    }

    public void encode(ByteBuf out) {
      fromDirectory.encode(out);
      fromName.encode(out);
      toDirectory.encode(out);
      toName.encode(out);
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
      throw new Nfs3Exception("RENAME", this);
    }
  }

  /**
   * Success.
   *
   * @param fromDirectory before and after
   * @param toDirectory before and after
   */
  public record Ok(WccData fromDirectory, WccData toDirectory) implements Result {
    static Ok decode(ByteBuf in) {
      return new Ok(WccData.decode(in), WccData.decode(in));
    }

    @Override
    public Nfs3Status status() {
      return Nfs3Status.OK;
    }

    @Override
    public void encode(ByteBuf out) {
      Nfs3Status.OK.encode(out);
      fromDirectory.encode(out);
      toDirectory.encode(out);
    }
  }

  /**
   * Failure.
   *
   * @param status never OK
   * @param fromDirectory before and after
   * @param toDirectory before and after
   */
  public record Fail(Nfs3Status status, WccData fromDirectory, WccData toDirectory)
      implements Result {
    static Fail decode(Nfs3Status status, ByteBuf in) {
      return new Fail(status, WccData.decode(in), WccData.decode(in));
    }

    @Override
    public void encode(ByteBuf out) {
      status.encode(out);
      fromDirectory.encode(out);
      toDirectory.encode(out);
    }
  }
}
