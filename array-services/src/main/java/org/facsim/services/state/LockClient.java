/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

/**
 * A client, or one run of it, whose locks are released together when it is gone: an NLM host, or a
 * client ID of NFSv4. Compared by value; {@code toString} names it for an administrator.
 */
public interface LockClient {
  /**
   * The key by which the table is shared: all clients of one origin, such as hosts behind one
   * address, have one share together.
   */
  default Object origin() {
    return this;
  }

  /** The most bytes of heap that it takes beyond a few hundred. */
  default int weightBytes() {
    return 0;
  }

  /**
   * Asked when something that this client holds stands in the way of another one. A client whose
   * lease has run out keeps what it holds until then, and gives up everything now. Called without
   * any monitor of the tables.
   *
   * @return whether the client has given up everything, so that whoever asked must look again
   */
  default boolean giveWay() {
    return false;
  }
}
