/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;

/** The arguments or the results of one call. */
public interface VaaiMessage {
  /** Appends the XDR form. */
  void encode(ByteBuf out);
}
