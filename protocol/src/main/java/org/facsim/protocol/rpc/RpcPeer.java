/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * The other end of a connection, as one that can be called: one connection serves and calls in both
 * directions, as the back channel of NFSv4.1 needs it (RFC 8881 section 2.10.3.1).
 *
 * <p>A program gets the peer that calls it from {@link CallOrigin#peer}; an {@link RpcClient} is
 * the peer that it is connected to. Both remain of use after the call that they were got from,
 * until the connection ends.
 *
 * <p>A peer that has not been given the program answers PROG_UNAVAIL; nobody can tell before.
 * Thread-safe.
 */
public interface RpcPeer {
  /** The address and port of the other end. */
  InetSocketAddress address();

  /** False once the connection has ended, or the peer has shut down the side it answers on. */
  boolean isOpen();

  /**
   * Runs {@code task} once, when the connection has ended or at once if it has; from any thread.
   * Each task is held until then, so a caller that is interested notes one per connection, not one
   * per call.
   */
  void whenEnded(Runnable task);

  /**
   * A way to call the peer over this connection, from any thread. A call runs on the connection's
   * event loop; its future completes there and fails with an {@link RpcException}, once:
   *
   * <ul>
   *   <li>{@link RpcFailure#TIMEOUT} if no reply has come in time, whether the call was sent or had
   *       to wait;
   *   <li>{@link RpcFailure#CONNECTION_LOST}, with the reason, if the connection has ended or ends;
   *   <li>{@link RpcFailure#TOO_MANY_CALLS} at once, if the bound of calls under way is reached:
   *       {@link RpcServerOptions#withCallbackLimits} at a server, {@link
   *       RpcClientOptions#withCallLimits} at a client;
   *   <li>what the peer's refusal says otherwise.
   * </ul>
   *
   * <p>Calls wait while the peer does not take what was sent to it before.
   *
   * @param credential sent with every call
   * @param timeout bound of a call, from its submission to its results
   * @throws IllegalArgumentException if the timeout is below 1 ms
   */
  RpcCaller calling(Credential credential, Duration timeout);
}
