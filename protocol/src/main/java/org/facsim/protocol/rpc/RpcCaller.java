/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * How a typed client reaches its server: through one connection, several of them, or a decorator
 * that counts, delays or breaks calls.
 */
public interface RpcCaller {
  /**
   * Sends one call.
   *
   * @param arguments appends the arguments
   * @param results reads the results of an accepted call, on the connection's event loop; the
   *     buffer is valid until it returns, and what it throws fails the future
   */
  default <T> CompletableFuture<T> call(
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      Function<ByteBuf, T> results) {
    return call(program, version, procedure, arguments, null, results);
  }

  /**
   * Sends one call whose last argument is bulk data, without copying it.
   *
   * @param arguments appends the arguments before the data
   * @param payload follows as variable-length opaque data: its length, its bytes, its padding;
   *     ownership passes; null for a call without such an argument
   */
  <T> CompletableFuture<T> call(
      int program,
      int version,
      int procedure,
      Consumer<ByteBuf> arguments,
      ByteBuf payload,
      Function<ByteBuf, T> results);
}
