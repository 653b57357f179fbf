/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.util.Optional;

/**
 * Where a call came from: a connection or, over UDP, the port of a sender. By it, a table of calls
 * distinguishes a retransmission from the call of another client.
 */
public interface CallOrigin {
  /**
   * The origin's number. That of a connection is positive and unique in this process for ever. That
   * of a sender of datagrams is negative, and unique only among the ports of its address.
   */
  long id();

  /**
   * The turn in which a call came: calls of one origin with the same number arrived together, so
   * that what is true of the moment need be found out for one of them only. Asked on the loop that
   * runs the call. 0 where turns are not told apart.
   */
  default int turn() {
    return 0;
  }

  /**
   * Whether no client waits there any more for the answer to a call, so that the client at {@code
   * later} may be the same one. May ask the operating system. May be called by any thread.
   */
  boolean isGone(CallOrigin later);

  /**
   * Runs {@code task} once, when the origin ends, or at once if it has ended. May be called by any
   * thread.
   */
  void whenEnded(Runnable task);

  /**
   * The other end of the connection, to be called over it: a handle that may be kept beyond the
   * call. Empty over UDP, and where an origin is none of a connection.
   */
  default Optional<RpcPeer> peer() {
    return Optional.empty();
  }

  /** How the connection is protected now; that of a sender of datagrams never is. */
  default ConnectionSecurity security() {
    return ConnectionSecurity.NONE;
  }

  /**
   * Whether the origin knows that it was {@link #notedIn noted} there, which saves a search for
   * each call. False means that it may have been. From any thread.
   */
  default boolean isNotedIn(CallOrigins origins) {
    return false;
  }

  /**
   * Tells the origin that it is among {@code origins} until it ends. May be called by any thread.
   */
  default void notedIn(CallOrigins origins) {}
}
