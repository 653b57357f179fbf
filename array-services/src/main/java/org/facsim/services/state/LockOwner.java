/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

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

  /** What its client's name and its key take. */
  int weightBytes() {
    return client.weightBytes() + (key instanceof Weighed weighed ? weighed.weightBytes() : 0);
  }

  /** A key that a client can make large. */
  public interface Weighed {
    /** Bytes of heap that it takes beyond a few hundred, at most. */
    int weightBytes();
  }
}
