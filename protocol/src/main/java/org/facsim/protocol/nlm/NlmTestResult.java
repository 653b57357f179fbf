/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;

/**
 * {@code nlm4_testres}.
 *
 * @param holder the conflicting lock; null unless the status is DENIED
 */
public record NlmTestResult(NetObject cookie, NlmStatus status, NlmHolder holder)
    implements NlmReply {
  public NlmTestResult {
    if ((status == NlmStatus.DENIED) != (holder != null)) {
      throw new IllegalArgumentException(status + " with holder " + holder);
    }
  }

  public static NlmTestResult decode(ByteBuf in) {
    NetObject cookie = NetObject.decode(in);
    NlmStatus status = NlmStatus.decode(in);
    return new NlmTestResult(
        cookie, status, status == NlmStatus.DENIED ? NlmHolder.decode(in) : null);
  }

  @Override
  public void encode(ByteBuf out) {
    cookie.encode(out);
    status.encode(out);
    if (holder != null) {
      holder.encode(out);
    }
  }
}
