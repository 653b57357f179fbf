/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Objects;

/**
 * The host that asks, and what it may do on the export that it asks about. Made anew for each call,
 * so that the export's rules hold at that moment.
 *
 * @param client the host's address, without its port
 * @param dialect what it speaks
 * @param access its rights on the export of the file that may be changed
 */
public record Initiator(String client, Dialect dialect, VaaiExports.Access access) {
  public Initiator {
    Objects.requireNonNull(client);
    Objects.requireNonNull(dialect);
    Objects.requireNonNull(access);
  }
}
