/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.vaai;

import io.netty.buffer.ByteBuf;

/** The results of a session end: nothing beside the status. */
public record SessionEnded() implements VaaiMessage {
  @Override
  public void encode(ByteBuf out) {}

  public static SessionEnded decode(ByteBuf in) {
    return new SessionEnded();
  }
}
