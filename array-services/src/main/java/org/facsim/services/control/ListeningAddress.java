/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** An address that something listens on, or cannot listen on, in words. */
public final class ListeningAddress {
  private ListeningAddress() {}

  /**
   * Says in one line where something cannot listen, why, and which option changes that.
   *
   * @param what what listens there, for example {@code "HTTP"}; empty for NFS itself
   * @param reason the operating system's reason
   * @param portOption the option that chooses the port
   * @param addressOption the option that chooses the address
   */
  public static String refused(
      InetSocketAddress address,
      String what,
      String reason,
      String portOption,
      String addressOption) {
    return "cannot listen on "
        + hostAndPort(address)
        + (what.isEmpty() ? "" : " for " + what)
        + ": "
        + reason
        + (isOfThisHost(address.getAddress())
            ? "; choose another port with " + portOption + ", 0 picks a free one"
            : "; choose an address of this host with " + addressOption + ", 0.0.0.0 means all");
  }

  /** {@code host:port}, an IPv6 host in brackets. */
  public static String hostAndPort(InetSocketAddress address) {
    String text = address.getAddress().getHostAddress();
    return (text.indexOf(':') < 0 ? text : "[" + text + "]") + ":" + address.getPort();
  }

  private static boolean isOfThisHost(InetAddress address) {
    try {
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress() // all of 127.0.0.0/8, whatever interfaces list
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true; // unknown; a taken port is the more frequent case
    }
  }
}
