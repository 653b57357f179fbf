/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nlm;

import io.netty.buffer.ByteBuf;

/** What a procedure answers, in its reply or in a message of its own. */
public sealed interface NlmReply permits NlmResult, NlmTestResult, NlmShareResult {
  /** The cookie of the call, unchanged. */
  NetObject cookie();

  NlmStatus status();

  void encode(ByteBuf out);
}
