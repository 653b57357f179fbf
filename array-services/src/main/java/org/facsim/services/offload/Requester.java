/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.Optional;
import org.facsim.array.Caller;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.explain.CallSize;

/**
 * Where a call comes from.
 *
 * @param client the connection's far end
 * @param claimed the user that the call names; empty if it names none
 * @param call the call's record for the links of the call chain; null if there are none
 * @param size what the call takes on the wire; null if the door does not count
 */
public record Requester(
    InetSocketAddress client, Optional<Caller> claimed, CallRecord call, CallSize size) {
  public Requester {
    Objects.requireNonNull(client);
    Objects.requireNonNull(claimed);
  }

  /** The requester of a call that no link watches. */
  public Requester(InetSocketAddress client, Optional<Caller> claimed) {
    this(client, claimed, null, null);
  }

  /** Of a call whose door does not count. */
  public Requester(InetSocketAddress client, Optional<Caller> claimed, CallRecord call) {
    this(client, claimed, call, null);
  }

  /** The client's address without its port, which is the same for all connections of a host. */
  public String clientAddress() {
    return client.getAddress().getHostAddress();
  }
}
