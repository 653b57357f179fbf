/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.facsim.hypervisor.HostOptions;
import org.facsim.hypervisor.SimulatedHost;
import org.facsim.hypervisor.log.HostEvent;
import org.facsim.protocol.mount.Mnt3;
import org.facsim.protocol.mount.Mount;
import org.facsim.protocol.nfs3.Nfs3Handle;
import org.facsim.protocol.rpc.RpcCall;
import org.facsim.protocol.rpc.RpcProgram;
import org.facsim.protocol.rpc.RpcServer;
import org.facsim.protocol.rpc.RpcServerOptions;
import org.junit.jupiter.api.Test;

class LongHandleTest {
  private record MountWithHandles(int lengthBytes) implements RpcProgram {
    @Override
    public int number() {
      return Mount.PROGRAM;
    }

    @Override
    public int lowestVersion() {
      return 3;
    }

    @Override
    public int highestVersion() {
      return 3;
    }

    @Override
    public void call(RpcCall call) {
      new Mnt3.Ok(Nfs3Handle.of(new byte[lengthBytes]), List.of(1)).encode(call.reply());
    }
  }

  @Test
  void anExportWhoseHandlesAreLongerThanAHostKeepsIsNotMounted() {
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try (RpcServer server =
            RpcServer.start(
                RpcServerOptions.listeningOn(anyPort), List.of(new MountWithHandles(57)));
        SimulatedHost host = new SimulatedHost(HostOptions.named("esx1"))) {
      List<HostEvent> events = new ArrayList<>();
      host.log().listen(events::add);
      assertThatThrownBy(() -> host.mount("ds1", server.address(), "/one"))
          .isInstanceOf(DatastoreException.class)
          .hasMessage("file handle of 57 bytes, a host keeps 56");
      assertThat(host.datastores()).isEmpty();
      assertThat(events).extracting(HostEvent::type).containsExactly(HostEvent.NFS_MOUNT_FAILED);
    }
  }
}
