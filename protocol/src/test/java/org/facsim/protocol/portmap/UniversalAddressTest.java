/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UniversalAddressTest {
  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 2049, 127.0.0.1.8.1",
    "0.0.0.0, 111, 0.0.0.0.0.111",
    "192.0.2.7, 65535, 192.0.2.7.255.255",
    "0:0:0:0:0:0:0:1, 2049, 0:0:0:0:0:0:0:1.8.1",
  })
  void isWrittenAndReadBack(String host, int port, String text) throws Exception {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(host), port);
    assertThat(UniversalAddress.format(address)).isEqualTo(text);
    assertThat(UniversalAddress.parse(text)).contains(address);
  }

  @Test
  void theShortFormOfIpv6IsRead() throws Exception {
    InetAddress loopback =
        InetAddress.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    assertThat(UniversalAddress.parse("::1.8.1")).contains(new InetSocketAddress(loopback, 2049));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "127.0.0.1",
        "127.0.0.1.8",
        "host.8.1",
        "127.0.0.1.256.0",
        "999.1.1.1.8.1",
        "::g.1.1",
        ":::.1.1"
      })
  void anythingElseIsNone(String text) {
    assertThat(UniversalAddress.parse(text)).isEmpty();
  }
}
