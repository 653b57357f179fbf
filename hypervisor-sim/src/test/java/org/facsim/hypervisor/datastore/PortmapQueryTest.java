/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.facsim.protocol.portmap.PortMapping;
import org.facsim.protocol.portmap.PortmapProgram;
import org.facsim.protocol.portmap.PortmapRegistry;
import org.facsim.protocol.rpc.RpcClientOptions;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.junit.jupiter.api.Test;

class PortmapQueryTest {
  @Test
  void findsAProgramOverTcpAndMissesOneThatIsNotThere() {
    PortmapProgram portmap =
        new PortmapProgram(
            new PortmapRegistry(
                InetAddress.getLoopbackAddress(),
                () -> List.of(new PortMapping(100_003, 3, PortMapping.TCP, 2049))));
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (RpcServer server =
            RpcServer.start(RpcServerOptions.listeningOn(anyPort), List.of(portmap));
        PortmapQuery query = PortmapQuery.connect(server.address(), RpcClientOptions.defaults())) {
      assertThat(query.addressOf(100_003, 3))
          .isEqualTo(new InetSocketAddress(InetAddress.getLoopbackAddress(), 2049));
      assertThatThrownBy(() -> query.addressOf(100_005, 3))
          .isInstanceOfSatisfying(
              DatastoreException.class,
              e -> assertThat(e.error()).isEqualTo(DatastoreError.NOT_FOUND));
    }
  }
}
