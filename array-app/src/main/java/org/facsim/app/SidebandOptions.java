/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How clients find the programs beside NFS.
 *
 * @param portmapPort TCP and UDP port of a port mapper of our own, 0 for a free one; empty for none
 * @param rpcbind a running rpcbind to register with; empty for none
 */
record SidebandOptions(OptionalInt portmapPort, Optional<InetSocketAddress> rpcbind) {
  static final SidebandOptions NONE = new SidebandOptions(OptionalInt.empty(), Optional.empty());

  SidebandOptions {
    Objects.requireNonNull(portmapPort);
    Objects.requireNonNull(rpcbind);
  }

  SidebandOptions withPortmapPort(OptionalInt newPortmapPort) {
    return new SidebandOptions(newPortmapPort, rpcbind);
  }

  SidebandOptions withRpcbind(Optional<InetSocketAddress> newRpcbind) {
    return new SidebandOptions(portmapPort, newRpcbind);
  }
}
