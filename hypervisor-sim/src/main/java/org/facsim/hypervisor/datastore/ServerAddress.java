/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.facsim.protocol.net.IpAddresses;

/** The address of an NFS server, as an administrator writes it. */
public final class ServerAddress {
  public static final int NFS_PORT = 2049;

  /** How long a name service may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private ServerAddress() {}

  /**
   * Reads {@code HOST} or {@code HOST:PORT}; an IPv6 address with a port stands in brackets.
   *
   * @throws IllegalArgumentException if there is no such address, with what is allowed
   */
  public static InetSocketAddress of(String text) {
    int colon = text.lastIndexOf(':');
    boolean hasPort = colon > 0 && (text.indexOf(':') == colon || text.charAt(colon - 1) == ']');
    if (!hasPort) {
      return new InetSocketAddress(resolve(text), NFS_PORT);
    }
    String port = text.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 0xFFFF) {
      throw new IllegalArgumentException("port '" + port + "'; allowed: 0 to 65535");
    }
    return new InetSocketAddress(resolve(text.substring(0, colon)), Integer.parseInt(port));
  }

  private static InetAddress resolve(String host) {
    try {
      return IpAddresses.resolve(host, PATIENCE);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(
          "no address of '" + host + "'; allowed: an address or a name that is known", e);
    }
  }
}
