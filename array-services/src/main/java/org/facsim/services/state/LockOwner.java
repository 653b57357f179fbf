/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import java.util.Objects;

/**
 * An owner, whose locks do not conflict with each other: usually a process of a client.
 *
 * @param client the client
 * @param key tells the client's owners apart; any value with equality
 */
public record LockOwner(LockClient client, Object key) {
  public LockOwner {
    Objects.requireNonNull(client);
    Objects.requireNonNull(key);
  }

  /** The bytes of its client's name and of its key. */
  int weightBytes() {
    return client.weightBytes() + (key instanceof Weighed weighed ? weighed.weightBytes() : 0);
  }

  /** A key that a client can make large. */
  public interface Weighed {
    /** The most bytes of heap that it takes beyond a few hundred. */
    int weightBytes();
  }
}
