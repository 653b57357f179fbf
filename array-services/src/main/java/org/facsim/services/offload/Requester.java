/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.facsim.array.Caller;

/**
 * Where a call comes from.
 *
 * @param client the connection's far end
 * @param claimed who the call claims to be made for; empty if it names nobody
 */
public record Requester(InetSocketAddress client, Optional<Caller> claimed) {
  public Requester {
    Objects.requireNonNull(client);
    Objects.requireNonNull(claimed);
  }

  /** The client's address without its port: one per host. */
  public String clientAddress() {
    return client.getAddress().getHostAddress();
  }
}
