/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

/** An end of a connection that a client calls over, whether it serves, too, or not. */
interface CallingConnection {
  OutgoingCalls calls();

  /** Replies that came to no call under way, ever; from any thread. */
  long strayReplies();

  /** Ends the connection from any thread; what waits fails with the reason. */
  void end(RpcException why);
}
