/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;

/** {@code nlm4_unlockargs}. */
public record NlmUnlockArgs(NetObject cookie, NlmLock lock) {
  public static NlmUnlockArgs decode(ByteBuf in) {
    return new NlmUnlockArgs(NetObject.decode(in), NlmLock.decode(in));
  }

  public void encode(ByteBuf out) {
    cookie.encode(out);
    lock.encode(out);
  }
}
