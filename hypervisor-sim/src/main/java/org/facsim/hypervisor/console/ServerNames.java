/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.net.InetSocketAddress;

/** What the name of an NFS server means to a host. */
@FunctionalInterface
public interface ServerNames {
  int NFS_PORT = 2049;

  /** {@code HOST} or {@code HOST:PORT}. */
  ServerNames ADDRESSES = ServerNames::addressOf;

  /**
   * The address of a server that answers NFS, MOUNT and VAAI on one port.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  InetSocketAddress resolve(String name);

  /** What a host shows of a server: the name that {@link #resolve} takes. */
  default String nameOf(InetSocketAddress server) {
    String name = server.getHostString();
    return server.getPort() == NFS_PORT ? name : name + ":" + server.getPort();
  }

  private static InetSocketAddress addressOf(String name) {
    int colon = name.lastIndexOf(':');
    boolean hasPort = colon > 0 && name.indexOf(':') == colon;
    int port = NFS_PORT;
    if (hasPort) {
      String text = name.substring(colon + 1);
      if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 0xFFFF) {
        throw new IllegalArgumentException(
            "port '" + text + "'; allowed: 0 to 65535, after the last colon");
      }
      port = Integer.parseInt(text);
    }
    InetSocketAddress address =
        new InetSocketAddress(hasPort ? name.substring(0, colon) : name, port);
    if (address.isUnresolved()) {
      throw new IllegalArgumentException("no address of '" + name + "'");
    }
    return address;
  }
}
