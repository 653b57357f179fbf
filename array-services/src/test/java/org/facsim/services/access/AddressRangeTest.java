/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressRangeTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.1.2, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "192.0.2.64/26, 192.0.2.127, true",
    "192.0.2.64/26, 192.0.2.128, false",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.2, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, ::1, false",
    "*, 203.0.113.9, true",
    "*, ::1, true",
    "10.0.0.0/255.255.0.0, 10.0.9.9, true",
    "10.0.0.0/255.255.0.0, 10.1.9.9, false",
    "10.0.0.0/0.0.0.0, 192.0.2.1, true",
    "fd00::/9, fd7f::1, true",
    "fd00::/9, fd80::1, false",
    "::1, ::1, true",
    "10.0.0.0/8, ::ffff:10.1.1.1, true"
  })
  void aRangeHoldsWhatSharesItsPrefix(String range, String client, boolean inside)
      throws Exception {
    assertThat(AddressRange.parse(range).contains(InetAddress.getByName(client))).isEqualTo(inside);
  }

  @Test
  void hostBitsDoNotMatter() {
    assertThat(AddressRange.parse("10.9.8.7/8"))
        .isEqualTo(AddressRange.parse("10.0.0.0/8"))
        .hasToString("10.0.0.0/8");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/255.0.255.0",
        "10.0.0.0/255.0.0.256",
        "::1/255.0.0.0",
        "**",
        "host.example",
        "a",
        "1.2.3",
        "999.1.1.1",
        "010.0.0.0/8",
        "fe80::1%lo",
        "1::2::3"
      })
  void whatIsNoRangeIsRefused(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }
}
