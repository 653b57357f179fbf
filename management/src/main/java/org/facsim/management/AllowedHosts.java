/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Decides which names and addresses in {@code Host} are accepted. If somebody makes the name of a
 * web page point at this array (DNS rebinding), the page gets no answer: a browser puts that name
 * into {@code Host}, and no page can change it.
 *
 * <p>Always allowed: {@code localhost}, loopback addresses, and the address on which the door
 * listens. A door that listens on all addresses allows every literal address, because it cannot
 * know which one leads to it through a container's port mapping, and a literal address cannot be
 * rebound. Names are never resolved.
 */
final class AllowedHosts {
  private static final Pattern AUTHORITY =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(?::[0-9]{0,5})?");

  private final InetAddress listen;
  private final Set<String> names;

  AllowedHosts(InetSocketAddress listen, Set<String> names) {
    this.listen = listen.getAddress();
    this.names = names.stream().map(AllowedHosts::normalized).collect(Collectors.toSet());
  }

  /**
   * Whether requests for this authority are accepted.
   *
   * @param authority {@code host} or {@code host:port}, an IPv6 address in brackets
   */
  boolean allow(String authority) {
    Matcher matcher = AUTHORITY.matcher(authority);
    if (!matcher.matches()) {
      return false;
    }
    String host = normalized(matcher.group(1));
    if (host.equals("localhost") || names.contains(host)) {
      return true;
    }
    byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
    return literal != null && allow(literal);
  }

  private boolean allow(byte[] literal) {
    try {
      InetAddress address = InetAddress.getByAddress(literal);
      return address.isLoopbackAddress() || listen.isAnyLocalAddress() || address.equals(listen);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of " + literal.length + " bytes", e);
    }
  }

  /** The host without brackets and without the final dot of a complete name, in lower case. */
  private static String normalized(String host) {
    String inner = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    String name = inner.endsWith(".") ? inner.substring(0, inner.length() - 1) : inner;
    return name.toLowerCase(Locale.ROOT);
  }
}
