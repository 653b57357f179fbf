/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IpAddressesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0, 0.0.0.0",
    "127.0.0.1, 127.0.0.1",
    "255.255.255.255, 255.255.255.255",
    "::, 0:0:0:0:0:0:0:0",
    "::1, 0:0:0:0:0:0:0:1",
    "fd00::a:1, fd00:0:0:0:0:0:a:1",
    "FE80:0:0:0:1:2:3:4, fe80:0:0:0:1:2:3:4",
    "1::, 1:0:0:0:0:0:0:0",
    "1:2:3:4:5:6:7::, 1:2:3:4:5:6:7:0",
    "1:2:3:4:5:6:192.0.2.1, 1:2:3:4:5:6:c000:201",
    "64:ff9b::192.0.2.1, 64:ff9b:0:0:0:0:c000:201",
    "::ffff:192.0.2.1, 192.0.2.1",
  })
  void literalsAreRead(String text, String address) {
    assertThat(IpAddresses.parse(text).orElseThrow().getHostAddress()).isEqualTo(address);
  }

  /** With InetAddress.getByName each of these is a question to a name service, or another host. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1",
        "1.2",
        "1.2.3",
        "1.2.3.4.5",
        "999.1.1.1",
        "256.0.0.1",
        "01.2.3.4",
        "1.2.3.4.",
        "0x7f.0.0.1",
        "2130706433",
        "1..2.3",
        "localhost",
        ":",
        ":::",
        "1::2::3",
        "::1%lo",
        "[::1]",
        "12345::1",
        "1:2:3:4:5:6:7",
        "1:2:3:4:5:6:7:8:9",
        "::ffff:999.1.1.1",
        " ::1",
        "::g",
        "fe80::1/64",
        "1.2.3.4::",
        "1:2:3:4:5:6:7:1.2.3.4",
        "1:2:3:4:5:6:7::8:9",
        "1::2:",
        ":1::2",
        "1:2:3:4::5:6:7:8",
        "10.0.0.1:53"
      })
  void anythingElseIsNone(String text) {
    assertThat(IpAddresses.parse(text)).isEmpty();
  }

  @Test
  void zonesAreReadWhereTheyAreWelcome() throws Exception {
    byte[] bytes = new byte[16];
    bytes[0] = (byte) 0xfe;
    bytes[1] = (byte) 0x80;
    InetAddress linkLocal = Inet6Address.getByAddress(null, bytes, 7);
    InetAddress read = IpAddresses.parseWithZone(linkLocal.getHostAddress()).orElseThrow();
    assertThat(read).isEqualTo(linkLocal);
    assertThat(((Inet6Address) read).getScopeId()).isEqualTo(7);
    for (String text : new String[] {"fe80::1%", "fe80::1%no-such-interface", "10.0.0.1%1"}) {
      assertThat(IpAddresses.parseWithZone(text)).as(text).isEmpty();
    }
  }

  @Test
  void optionsMayNameAHost() throws Exception {
    assertThat(IpAddresses.resolve("localhost", PATIENCE).isLoopbackAddress()).isTrue();
    assertThat(IpAddresses.resolve("[::1]", PATIENCE).getHostAddress())
        .isEqualTo("0:0:0:0:0:0:0:1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1.2.3", "999.1.1.1", "::g", "[127.0.0.1]", "fe80::1%nowhere", "a b"})
  void whatCanOnlyBeAnAddressIsNotAskedOfANameService(String text) {
    assertThatThrownBy(() -> IpAddresses.resolve(text, PATIENCE))
        .isInstanceOf(UnknownHostException.class)
        .hasMessageContaining("neither an address nor a name");
  }
}
