/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import io.netty.buffer.ByteBuf;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.xdr.Xdr;

/** A client of portmap version 2. No method blocks. */
public final class PortmapClient {
  private final RpcCaller rpc;

  /** Makes a client of the port mapper to which {@code rpc} sends calls. */
  public PortmapClient(RpcCaller rpc) {
    this.rpc = Objects.requireNonNull(rpc);
  }

  /**
   * The port of a program.
   *
   * @param protocol {@link PortMapping#TCP} or {@link PortMapping#UDP}
   * @return 1 to 65535, or 0 if it is not served
   */
  public CompletableFuture<Integer> port(int program, int version, int protocol) {
    return call(
        PortmapProgram.GETPORT,
        new PortMapping(program, version, protocol, 0),
        in -> {
          int port = Xdr.readInt(in);
          return port < 0 || port > 0xffff ? 0 : port;
        });
  }

  /** Registers a mapping; false if the port mapper refuses. */
  public CompletableFuture<Boolean> set(PortMapping mapping) {
    return call(PortmapProgram.SET, mapping, Xdr::readBoolean);
  }

  /** Unregisters a version of a program on every protocol; false if there was none. */
  public CompletableFuture<Boolean> unset(int program, int version) {
    return call(PortmapProgram.UNSET, new PortMapping(program, version, 0, 0), Xdr::readBoolean);
  }

  /** Everything that is registered. */
  public CompletableFuture<List<PortMapping>> dump() {
    return rpc.call(
        PortmapProgram.NUMBER,
        PortmapProgram.VERSION,
        PortmapProgram.DUMP,
        out -> {},
        PortMapping::readList);
  }

  private <T> CompletableFuture<T> call(
      int procedure, PortMapping arguments, Function<ByteBuf, T> results) {
    return rpc.call(
        PortmapProgram.NUMBER, PortmapProgram.VERSION, procedure, arguments::write, results);
  }
}
