/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.embedded;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.facsim.nfs.nlm.LockManagerOptions;

/**
 * How clients find the programs beside NFS.
 *
 * @param portmapPort TCP and UDP port of the array's own port mapper, 0 for a free one; empty for
 *     none
 * @param rpcbind a running rpcbind to register with; empty for none
 * @param locks the settings of the lock manager
 */
record SidebandOptions(
    OptionalInt portmapPort, Optional<InetSocketAddress> rpcbind, LockManagerOptions locks) {
  static final SidebandOptions NONE =
      new SidebandOptions(OptionalInt.empty(), Optional.empty(), LockManagerOptions.DEFAULT);

  SidebandOptions {
    Objects.requireNonNull(portmapPort);
    Objects.requireNonNull(rpcbind);
    Objects.requireNonNull(locks);
  }

  SidebandOptions withPortmapPort(OptionalInt newPortmapPort) {
    return new SidebandOptions(newPortmapPort, rpcbind, locks);
  }

  SidebandOptions withRpcbind(Optional<InetSocketAddress> newRpcbind) {
    return new SidebandOptions(portmapPort, newRpcbind, locks);
  }

  SidebandOptions withLocks(LockManagerOptions newLocks) {
    return new SidebandOptions(portmapPort, rpcbind, newLocks);
  }
}
