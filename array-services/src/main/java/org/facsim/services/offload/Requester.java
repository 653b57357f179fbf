/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.services.calls.CallRecord;

/**
 * Where a call comes from.
 *
 * @param client the connection's far end
 * @param claimed who the call claims to be made for; empty if it names nobody
 * @param call what the links of the call chain know of it; null without a link
 */
public record Requester(InetSocketAddress client, Optional<Caller> claimed, CallRecord call) {
  public Requester {
    Objects.requireNonNull(client);
    Objects.requireNonNull(claimed);
  }

  /** Of a call that no link watches. */
  public Requester(InetSocketAddress client, Optional<Caller> claimed) {
    this(client, claimed, null);
  }

  /** The client's address without its port: one per host. */
  public String clientAddress() {
    return client.getAddress().getHostAddress();
  }
}
