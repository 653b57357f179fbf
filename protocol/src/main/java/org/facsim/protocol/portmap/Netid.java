/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.portmap;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;

/** A transport, with its name in rpcbind, RFC 5665 section 5.1. */
public enum Netid {
  TCP("tcp", PortMapping.TCP, false),
  UDP("udp", PortMapping.UDP, false),
  TCP6("tcp6", PortMapping.TCP, true),
  UDP6("udp6", PortMapping.UDP, true);

  /** {@code nc_semantics} of RFC 1833 section 2.1: connectionless; connection-oriented, orderly. */
  private static final int TPI_CLTS = 1;

  private static final int TPI_COTS_ORD = 3;

  private static final Netid[] ALL = values();

  private final String text;
  private final int protocol;
  private final boolean version6;

  Netid(String text, int protocol, boolean version6) {
    this.text = text;
    this.protocol = protocol;
    this.version6 = version6;
  }

  /** The transport of a protocol number on the family of an address. */
  public static Netid of(int protocol, InetAddress address) {
    boolean version6 = address instanceof Inet6Address;
    if (protocol == PortMapping.TCP) {
      return version6 ? TCP6 : TCP;
    }
    return version6 ? UDP6 : UDP;
  }

  static Optional<Netid> parse(String text) {
    for (Netid netid : ALL) {
      if (netid.text.equals(text)) {
        return Optional.of(netid);
      }
    }
    return Optional.empty();
  }

  /** {@link PortMapping#TCP} or {@link PortMapping#UDP}. */
  int protocol() {
    return protocol;
  }

  boolean isVersion6() {
    return version6;
  }

  int semantics() {
    return protocol == PortMapping.TCP ? TPI_COTS_ORD : TPI_CLTS;
  }

  String protocolFamily() {
    return version6 ? "inet6" : "inet";
  }

  String protocolName() {
    return protocol == PortMapping.TCP ? "tcp" : "udp";
  }

  /** As on the wire. */
  @Override
  public String toString() {
    return text;
  }
}
