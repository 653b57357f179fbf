/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import io.netty.buffer.ByteBuf;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.facsim.protocol.rpc.RpcCaller;
import org.facsim.protocol.xdr.Xdr;
import org.facsim.protocol.xdr.XdrException;

/** A client of rpcbind version 3 or 4, which supports IPv6. No method blocks. */
public final class RpcbindClient {
  private final RpcCaller rpc;
  private final int version;

  /**
   * Makes a client of the rpcbind to which {@code rpc} sends calls.
   *
   * @param version {@link RpcbindProgram#LOWEST_VERSION} or {@link RpcbindProgram#HIGHEST_VERSION}
   */
  public RpcbindClient(RpcCaller rpc, int version) {
    this.rpc = Objects.requireNonNull(rpc);
    this.version = version;
  }

  /**
   * Where a program is served over a transport.
   *
   * @return empty if it is not served, or the answer is not an IP address
   */
  public CompletableFuture<Optional<InetSocketAddress>> address(
      int program, int programVersion, Netid netid) {
    return call(
        RpcbindProgram.GETADDR,
        new RpcbindMapping(program, programVersion, netid.toString(), "", "")::write,
        in -> UniversalAddress.parse(Xdr.readString(in, RpcbindMapping.MAX_TEXT_BYTES)));
  }

  /** Registers a mapping; false if rpcbind refuses. */
  public CompletableFuture<Boolean> set(RpcbindMapping mapping) {
    return call(RpcbindProgram.SET, mapping::write, Xdr::readBoolean);
  }

  /** Unregisters a version of a program on one transport; false if there was none. */
  public CompletableFuture<Boolean> unset(int program, int programVersion, String netid) {
    return call(
        RpcbindProgram.UNSET,
        new RpcbindMapping(program, programVersion, netid, "", "")::write,
        Xdr::readBoolean);
  }

  /** Everything that is registered. */
  public CompletableFuture<List<RpcbindMapping>> dump() {
    return call(RpcbindProgram.DUMP, out -> {}, RpcbindClient::readList);
  }

  private static List<RpcbindMapping> readList(ByteBuf in) {
    List<RpcbindMapping> mappings = new ArrayList<>();
    while (Xdr.readBoolean(in)) {
      if (mappings.size() == PortMapping.MAX_LISTED) {
        throw new XdrException("more than " + PortMapping.MAX_LISTED + " mappings");
      }
      mappings.add(RpcbindMapping.read(in));
    }
    return mappings;
  }

  private <T> CompletableFuture<T> call(
      int procedure, Consumer<ByteBuf> arguments, Function<ByteBuf, T> results) {
    return rpc.call(PortmapProgram.NUMBER, version, procedure, arguments, results);
  }
}
