/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai.offload;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.facsim.protocol.rpc.Credential;

/**
 * Where a call comes from.
 *
 * @param client the connection's far end
 * @param credential who the call claims to come from
 */
public record Requester(InetSocketAddress client, Credential credential) {
  public Requester {
    Objects.requireNonNull(client);
    Objects.requireNonNull(credential);
  }

  /** The client's address without its port: one per host. */
  public String clientAddress() {
    return client.getAddress().getHostAddress();
  }
}
