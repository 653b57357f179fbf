/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.nfs4.client;

import io.netty.buffer.ByteBuf;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.facsim.protocol.nfs4.Nfs4;
import org.facsim.protocol.rpc.RpcCaller;

/**
 * Sends COMPOUNDs of one minor version. A future fails with what the decoder throws, which is a
 * {@link CompoundException} where {@link Results4#ok} meets a failure. Thread-safe if the {@link
 * RpcCaller} is.
 */
public final class Nfs4Client {
  private final RpcCaller rpc;
  private final int minorVersion;

  /**
   * @param minorVersion 0 to {@link Nfs4#MAX_MINOR_VERSION}; others for servers that are to refuse
   *     them
   */
  public Nfs4Client(RpcCaller rpc, int minorVersion) {
    this.rpc = Objects.requireNonNull(rpc);
    this.minorVersion = minorVersion;
  }

  public int minorVersion() {
    return minorVersion;
  }

  /** NULL: does nothing; shows whether the server answers. */
  public CompletableFuture<Void> ping() {
    return rpc.call(Nfs4.PROGRAM, Nfs4.VERSION, Nfs4.NULL, out -> {}, in -> null);
  }

  /**
   * Sends a COMPOUND. It may be changed as soon as this returns only if nobody sends it again.
   *
   * @param results reads the results on the event loop
   */
  public <T> CompletableFuture<T> send(Compound4 operations, Function<Results4, T> results) {
    return rpc.call(
        Nfs4.PROGRAM,
        Nfs4.VERSION,
        Nfs4.COMPOUND,
        out -> operations.write(out, minorVersion),
        new CompoundResults<>(results));
  }

  /**
   * Sends a COMPOUND whose last operation ends with bulk data, which is not copied: {@link
   * Compound4#writePayload}.
   *
   * @param payload the data; ownership passes
   */
  public <T> CompletableFuture<T> send(
      Compound4 operations, ByteBuf payload, Function<Results4, T> results) {
    return rpc.call(
        Nfs4.PROGRAM,
        Nfs4.VERSION,
        Nfs4.COMPOUND,
        out -> operations.write(out, minorVersion),
        payload,
        in -> results.apply(new Results4(in)));
  }
}
