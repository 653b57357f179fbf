/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Where the doors of an array listen.
 *
 * @param nfs the TCP port of NFS and the programs beside it; 0 for a free one
 * @param udp the UDP port of those that have one; 0 for that of {@code nfs} or, if it is taken and
 *     {@code nfs} was free to choose, another one
 * @param portmap the port of the port mapper, over TCP and UDP, 0 for a free one; empty for none
 */
record ArrayPorts(int nfs, int udp, OptionalInt portmap) {
  /** The ports that a stopped array keeps until it comes back. */
  PortKeeper keep(InetAddress listen) {
    List<InetSocketAddress> streams =
        IntStream.concat(IntStream.of(nfs), portmap.stream())
            .mapToObj(port -> new InetSocketAddress(listen, port))
            .toList();
    List<InetSocketAddress> datagrams =
        IntStream.concat(IntStream.of(udp), portmap.stream())
            .mapToObj(port -> new InetSocketAddress(listen, port))
            .toList();
    return PortKeeper.keep(streams, datagrams);
  }
}
