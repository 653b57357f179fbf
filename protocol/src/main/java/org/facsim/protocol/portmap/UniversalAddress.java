/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.facsim.protocol.net.IpAddresses;

/**
 * Addresses in rpcbind's notation, RFC 5665 section 5.2.3: the address, then the port's high and
 * low byte, with dots between: {@code 127.0.0.1.8.1} is port 2049.
 */
public final class UniversalAddress {
  /** Longer than any address of IPv6 with its port. */
  static final int MAX_BYTES = 64;

  private static final Pattern FORM =
      Pattern.compile(
          "(\\d{1,3}(?:\\.\\d{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)\\.(\\d{1,3})\\.(\\d{1,3})");

  /** Every address of IPv4. */
  static final InetAddress ANY_IPV4 = IpAddresses.parse("0.0.0.0").orElseThrow();

  private UniversalAddress() {}

  public static String format(InetSocketAddress address) {
    return format(address.getAddress(), address.getPort());
  }

  static String format(InetAddress address, int port) {
    return "%s.%d.%d".formatted(withoutZone(address.getHostAddress()), port >>> 8, port & 0xff);
  }

  private static String withoutZone(String text) {
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  /** Reads an address; empty if the text is none. Never asks a name service. */
  public static Optional<InetSocketAddress> parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int high = Integer.parseInt(matcher.group(2));
    int low = Integer.parseInt(matcher.group(3));
    if (high > 0xff || low > 0xff) {
      return Optional.empty();
    }
    return IpAddresses.parse(matcher.group(1))
        .map(address -> new InetSocketAddress(address, high << 8 | low));
  }
}
