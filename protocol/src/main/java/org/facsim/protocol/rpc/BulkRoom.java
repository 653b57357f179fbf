/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.nio.ByteBuffer;

/**
 * The place for the bulk data of one call, where the data is received: its program names the place
 * ({@link RpcProgram#room}) and finds it again with {@link RpcCall#roomOf}.
 *
 * <p>The connection fills it and closes it when {@link RpcProgram#call} has returned, or when the
 * call does not arrive whole. A program that has taken the memory for good makes {@code close} do
 * nothing. From then on the connection looks at the data no more.
 */
public interface BulkRoom extends AutoCloseable {
  /** Direct and contiguous, from its position to its limit as long as the data. */
  ByteBuffer memory();

  /** Gives back what the program has not taken. On the connection's event loop. */
  @Override
  void close();
}
