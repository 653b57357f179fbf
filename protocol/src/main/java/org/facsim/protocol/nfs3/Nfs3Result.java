/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** The outcome of any NFSv3 procedure. */
public interface Nfs3Result {
  Nfs3Status status();

  /** Appends the status and what follows it. */
  void encode(ByteBuf out);

  /**
   * Casts a result to its success.
   *
   * @throws Nfs3Exception carrying the result if it is a failure
   */
  static <T extends Nfs3Result> T success(Nfs3Result result, Class<T> ok, String procedure) {
    if (ok.isInstance(result)) {
      return ok.cast(result);
    }
    throw new Nfs3Exception(procedure, result);
  }
}
