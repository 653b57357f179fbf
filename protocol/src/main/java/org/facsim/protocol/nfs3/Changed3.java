/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/**
 * The outcome of SETATTR, REMOVE and RMDIR, RFC 1813 sections 3.3.2, 3.3.12 and 3.3.13: success and
 * failure have the same form on the wire.
 *
 * @param wcc the object, or the directory, before and after
 */
public record Changed3(Nfs3Status status, WccData wcc) implements Nfs3Result {
  /** Success. */
  public static Changed3 ok(WccData wcc) {
    return new Changed3(Nfs3Status.OK, wcc);
  }

  public static Changed3 decode(ByteBuf in) {
    return new Changed3(Nfs3Status.decode(in), WccData.decode(in));
  }

  @Override
  public void encode(ByteBuf out) {
    status.encode(out);
    wcc.encode(out);
  }

  /**
   * This, if it is a success.
   *
   * @param procedure the procedure's name in RFC 1813
   * @throws Nfs3Exception carrying this result if it is a failure
   */
  public Changed3 orThrow(String procedure) {
    if (status == Nfs3Status.OK) {
      return this;
    }
    throw new Nfs3Exception(procedure, this);
  }
}
