/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.lock;

import java.util.Objects;

/**
 * Whose locks do not stand against each other: a process of a client, mostly.
 *
 * @param client the client
 * @param key tells the client's owners apart; any value with equality
 */
public record LockOwner(LockClient client, Object key) {
  public LockOwner {
    Objects.requireNonNull(client);
    Objects.requireNonNull(key);
  }
}
