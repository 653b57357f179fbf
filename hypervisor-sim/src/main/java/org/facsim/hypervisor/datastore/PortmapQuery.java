/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.rpc.RpcClient;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.xdr.Xdr;

/** Asks a port mapper (RFC 1833, version 2) where programs are served over TCP. */
final class PortmapQuery implements AutoCloseable {
  private final InetSocketAddress portmapper;
  private final RpcClient client;

  private PortmapQuery(InetSocketAddress portmapper, RpcClient client) {
    this.portmapper = portmapper;
    this.client = client;
  }

  static PortmapQuery connect(InetSocketAddress portmapper, RpcClientOptions options) {
    return new PortmapQuery(portmapper, Replies.await(RpcClient.connect(portmapper, options)));
  }

  /**
   * The address of a program on the port mapper's machine.
   *
   * @throws DatastoreException NOT_FOUND if it is not registered there
   */
  InetSocketAddress addressOf(int program, int version) {
    CompletableFuture<Long> answer =
        client.call(
            PortmapProgram.NUMBER,
            PortmapProgram.VERSION,
            PortmapProgram.GETPORT,
            out -> new PortMapping(program, version, PortMapping.TCP, 0).write(out),
            Xdr::readUnsignedInt);
    long port = Replies.await(answer);
    if (port == 0 || port > 0xffff) {
      throw new DatastoreException(
          DatastoreError.NOT_FOUND,
          "%s knows no program %d version %d".formatted(portmapper, program, version));
    }
    return new InetSocketAddress(portmapper.getAddress(), (int) port);
  }

  @Override
  public void close() {
    client.close();
  }
}
