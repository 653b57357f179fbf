/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs3;

import io.netty.buffer.ByteBuf;

/** The outcome of any NFSv3 procedure. */
public interface Nfs3Result {
  Nfs3Status status();

  /** Appends the status and what follows it. */
  void encode(ByteBuf out);
}
