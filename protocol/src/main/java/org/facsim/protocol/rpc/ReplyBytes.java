/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/** The bytes of an answer that is about to leave: a copy of all, or only of the first ones. */
public interface ReplyBytes extends Supplier<byte[]> {
  /**
   * Copies the first bytes, and makes no object.
   *
   * @return how many: {@code most}, or fewer if the record, or its first piece, has no more
   */
  int copyHead(ByteBuffer to, int at, int most);
}
