/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class PortmapRegistryTest {
  private static final InetSocketAddress ROOT_OF_THIS_HOST = address("127.0.0.1", 1023);
  private static final InetSocketAddress USER_OF_THIS_HOST = address("127.0.0.1", 1024);
  private static final InetSocketAddress ROOT_ELSEWHERE = address("192.0.2.1", 1023);
  private static final InetSocketAddress LOCKD = address("0.0.0.0", 4045);
  private static final int NLM = 100_021;
  private static final int NFS = 100_003;

  private final PortmapRegistry registry =
      new PortmapRegistry(
          InetAddress.getLoopbackAddress(),
          () -> List.of(new PortMapping(NFS, 3, PortMapping.TCP, 2049)));

  private static InetSocketAddress address(String host, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByName(host), port);
    } catch (java.net.UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void rootOfThisHostRegistersAndUnregisters() {
    assertThat(registry.set(ROOT_OF_THIS_HOST, NLM, 4, Netid.TCP, LOCKD)).isTrue();
    assertThat(registry.find(NLM, 4, Netid.TCP, true).orElseThrow())
        .isEqualTo(new PortmapRegistry.Service(NLM, 4, Netid.TCP, LOCKD, "superuser"));
    assertThat(registry.unset(ROOT_OF_THIS_HOST, NLM, 4, Netid.UDP)).isFalse();
    assertThat(registry.unset(ROOT_OF_THIS_HOST, NLM, 4, null)).isTrue();
    assertThat(registry.find(NLM, 4, Netid.TCP, false)).isEmpty();
  }

  @Test
  void outsidersChangeNothing() {
    registry.set(ROOT_OF_THIS_HOST, NLM, 4, Netid.TCP, LOCKD);
    List<PortmapRegistry.Service> before = registry.services();
    for (InetSocketAddress outsider : List.of(USER_OF_THIS_HOST, ROOT_ELSEWHERE)) {
      assertThat(registry.set(outsider, NLM, 3, Netid.TCP, LOCKD)).isFalse();
      assertThat(registry.unset(outsider, NLM, 4, null)).isFalse();
    }
    assertThat(registry.services()).isEqualTo(before);
  }

  @Test
  void whatIsServedHereIsNeitherTakenOverNorTakenAway() {
    assertThat(registry.set(ROOT_OF_THIS_HOST, NFS, 3, Netid.TCP, LOCKD)).isFalse();
    assertThat(registry.unset(ROOT_OF_THIS_HOST, NFS, 3, null)).isFalse();
    assertThat(registry.find(NFS, 3, Netid.TCP, true).orElseThrow().address().getPort())
        .isEqualTo(2049);
  }

  @Test
  void theSameAgainIsFineAndAnotherAddressIsNot() {
    assertThat(registry.set(ROOT_OF_THIS_HOST, NLM, 4, Netid.TCP, LOCKD)).isTrue();
    assertThat(registry.set(ROOT_OF_THIS_HOST, NLM, 4, Netid.TCP, LOCKD)).isTrue();
    assertThat(registry.set(ROOT_OF_THIS_HOST, NLM, 4, Netid.TCP, address("0.0.0.0", 4046)))
        .isFalse();
    assertThat(registry.services()).hasSize(2);
  }

  @Test
  void registrationsAreBounded() {
    for (int version = 0; version < PortmapRegistry.MAX_REGISTERED; version++) {
      assertThat(registry.set(ROOT_OF_THIS_HOST, NLM, version, Netid.TCP, LOCKD)).isTrue();
    }
    assertThat(registry.set(ROOT_OF_THIS_HOST, NLM, -1, Netid.TCP, LOCKD)).isFalse();
    assertThat(registry.set(ROOT_OF_THIS_HOST, NLM, 7, Netid.TCP, LOCKD)).isTrue();
  }
}
