/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * A host, or one life of it, whose locks are released together when it is gone: a host of NLM, a
 * client ID of NFSv4. Equal to itself by value; {@code toString} names it for an admin.
 */
public interface LockClient {
  /**
   * By what the table is shared out: clients of one origin, hosts behind one address, have one
   * share among them.
   */
  default Object origin() {
    return this;
  }

  /** Bytes of heap that it takes beyond a few hundred, at most. */
  default int weightBytes() {
    return 0;
  }
}
