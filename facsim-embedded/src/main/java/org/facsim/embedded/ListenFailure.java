/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;

/** Explains in one line which address cannot be listened on, why, and which option changes it. */
public final class ListenFailure {
  private ListenFailure() {}

  /**
   * The line.
   *
   * @param what what listens there, for example {@code "HTTP"}; empty for NFS itself
   * @param reason the operating system's reason
   * @param portOption the option that chooses the port
   * @param addressOption the option that chooses the address
   */
  public static String inWords(
      InetSocketAddress address,
      String what,
      String reason,
      String portOption,
      String addressOption) {
    return "cannot listen on "
        + FacsimArray.hostAndPort(address)
        + (what.isEmpty() ? "" : " for " + what)
        + ": "
        + reason
        + (isOfThisHost(address.getAddress())
            ? "; choose another port with " + portOption + ", 0 picks a free one"
            : "; choose an address of this host with " + addressOption + ", 0.0.0.0 means all");
  }

  private static boolean isOfThisHost(InetAddress address) {
    try {
      return address.isAnyLocalAddress()
          || address.isLoopbackAddress() // all of 127.0.0.0/8, whatever interfaces list
          || NetworkInterface.getByInetAddress(address) != null;
    } catch (SocketException e) {
      return true; // unknown; a port that is taken is the more frequent case
    }
  }
}
