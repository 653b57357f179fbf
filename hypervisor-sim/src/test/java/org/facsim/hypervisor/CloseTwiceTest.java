/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.facsim.hypervisor.datastore.MovingClock;
import org.facsim.protocol.testing.FreePorts;
import org.junit.jupiter.api.Test;

class CloseTwiceTest {
  @Test
  void aHostWithAndWithoutAMountThatFailed() throws Exception {
    SimulatedHost unused = new SimulatedHost(HostOptions.named("esx1"));
    unused.close();
    assertThatCode(unused::close).doesNotThrowAnyException();

    SimulatedHost host = new SimulatedHost(HostOptions.named("esx2").withClock(new MovingClock()));
    try (var nobody = FreePorts.withoutListener()) {
      InetSocketAddress server =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), nobody.getLocalPort());
      assertThatCode(() -> host.mount("ds", server, "/ds")).isInstanceOf(RuntimeException.class);
    }
    host.close();
    assertThatCode(host::close).doesNotThrowAnyException();
  }
}
