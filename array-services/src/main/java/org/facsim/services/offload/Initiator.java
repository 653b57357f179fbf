/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Objects;
import org.facsim.services.access.Grant;

/**
 * The host that asks, and what it may do. It is made anew for each call, so that the export's rules
 * of that moment hold.
 *
 * @param client the host's address, without its port
 * @param dialect the dialect that it speaks
 * @param grant its grant on the file that may be changed, or on the root of the export
 */
public record Initiator(String client, Dialect dialect, Grant grant) {
  public Initiator {
    Objects.requireNonNull(client);
    Objects.requireNonNull(dialect);
    Objects.requireNonNull(grant);
  }
}
