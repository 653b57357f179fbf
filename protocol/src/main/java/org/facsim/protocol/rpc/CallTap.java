/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;

/**
 * Hears of every call that a server reads, before anything else looks at it. Made for faults and
 * journals, which stand elsewhere.
 */
@FunctionalInterface
public interface CallTap {
  /** Wants to hear of none. */
  CallTap NONE = (call, in, index, recordBytes) -> null;

  /**
   * A record has arrived that is a call, on the event loop that read it. Its program may be one
   * that is not served, and its credential may be malformed.
   *
   * @param call knows its numbers, client, server and credential, which is null if it cannot be
   *     read; not its arguments
   * @param in holds the record, which belongs to the connection and is only to be looked at
   * @param index where in {@code in} the record begins, without its mark
   * @param recordBytes how long it is
   * @return what hears of this call further, or null
   */
  TappedCall received(RpcCall call, ByteBuf in, int index, int recordBytes);

  /**
   * What hears of the calls of one connection that begins now, on its event loop only. So it may
   * keep what it needs for call after call.
   */
  default CallTap ofConnection() {
    return this;
  }

  /**
   * The calls that one read of the connection brought have been begun; those that come from now on
   * arrived later. Told to what {@link #ofConnection} returned.
   */
  default void readEnds() {}
}
