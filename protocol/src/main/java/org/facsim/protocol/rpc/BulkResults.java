/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.util.function.Function;

/**
 * What reads results that may carry bulk data. A connection that knows where the data lies receives
 * it into a buffer of its own, of just its size, instead of the buffer that all replies share. So
 * data that is kept costs no copy of what arrived behind it, and no memory but its own.
 *
 * <p>Each reply gets a buffer of its own: of a call that was sent twice, two replies may be on
 * their way at the same time.
 */
public interface BulkResults<T> extends Function<ByteBuf, T> {
  /**
   * Where the data lies.
   *
   * @param results what has arrived of the results, only to be looked at
   * @param resultBytes how long they will be
   */
  BulkSpan bulkData(ByteBuf results, int resultBytes);

  /**
   * Reads results whose data lies in a buffer of its own. To keep it, retain it.
   *
   * @param in all results, the data among them
   * @param data the same data
   */
  T apply(ByteBuf in, ByteBuf data);
}
