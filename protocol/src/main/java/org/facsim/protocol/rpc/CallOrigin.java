/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Optional;

/**
 * Where a call came from: a connection, or over UDP the port of a sender. What {@link
 * DuplicateRequestCache} needs to know to tell a retransmission from the call of somebody else.
 */
public interface CallOrigin {
  /**
   * Positive and unlike that of any other connection in this process, ever; negative for a sender
   * of datagrams, and then only unlike that of other ports of its address.
   */
  long id();

  /**
   * Whether no client waits there any more for the answer to a call, so that the client at {@code
   * later} may be the same one. May ask the operating system; from any thread.
   */
  boolean isGone(CallOrigin later);

  /** Runs {@code task} once, when the origin has ended or at once if it has; from any thread. */
  void whenEnded(Runnable task);

  /**
   * The other end of the connection, to be called over it: a handle that may be kept beyond the
   * call. Empty over UDP, and where an origin is none of a connection.
   */
  default Optional<RpcPeer> peer() {
    return Optional.empty();
  }

  /**
   * Whether the origin knows that it was {@link #notedIn noted} there, which saves a search for
   * each call. False means that it may have been. From any thread.
   */
  default boolean isNotedIn(CallOrigins origins) {
    return false;
  }

  /** It is among these now, until it ends; from any thread. */
  default void notedIn(CallOrigins origins) {}
}
