/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.console;

import java.net.InetSocketAddress;
import org.facsim.hypervisor.datastore.ServerAddress;

/** What the name of an NFS server means to a host. */
@FunctionalInterface
public interface ServerNames {
  /** {@code HOST} or {@code HOST:PORT}. */
  ServerNames ADDRESSES = ServerAddress::of;

  /**
   * The address of a server that answers NFS, MOUNT and VAAI on one port.
   *
   * @throws IllegalArgumentException if there is none of that name
   */
  InetSocketAddress resolve(String name);

  /** What a host shows of a server: the name that {@link #resolve} takes. */
  default String nameOf(InetSocketAddress server) {
    String name = server.getHostString();
    return server.getPort() == ServerAddress.NFS_PORT ? name : name + ":" + server.getPort();
  }
}
