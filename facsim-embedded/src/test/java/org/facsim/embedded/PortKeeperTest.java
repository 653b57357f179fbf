/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The ports of an array that is away. */
class PortKeeperTest {
  @Test
  void whoReusesAddressesCannotTakeThem() throws Exception {
    InetSocketAddress stream;
    InetSocketAddress datagrams;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        DatagramSocket alsoFree = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      stream = (InetSocketAddress) free.getLocalSocketAddress();
      datagrams = (InetSocketAddress) alsoFree.getLocalSocketAddress();
    }
    try (PortKeeper keeper = PortKeeper.keep(List.of(stream), List.of(datagrams))) {
      assertThat(keeper).isNotNull();
      assertThatThrownBy(() -> listen(stream)).isInstanceOf(BindException.class);
      assertThatThrownBy(() -> receive(datagrams)).isInstanceOf(BindException.class);
    }
    listen(stream);
    receive(datagrams);
  }

  private static void listen(InetSocketAddress address) throws IOException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(address);
    }
  }

  private static void receive(InetSocketAddress address) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(null)) {
      socket.setReuseAddress(true);
      socket.bind(address);
    }
  }
}
