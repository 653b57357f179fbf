/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * How much of something that is bounded one client may have. A client has at most its share; and of
 * the last quarter of all only clients take that have less than a quarter of their share, so that a
 * greedy one leaves room for who asks for little.
 *
 * @param most of all clients together, 1 or more
 * @param mostPerClient of one client, 1 or more
 */
public record FairShare(int most, int mostPerClient) {
  public FairShare {
    if (most < 1 || mostPerClient < 1) {
      throw new IllegalArgumentException(most + " in all, " + mostPerClient + " per client");
    }
  }

  /**
   * Whether one more may be taken.
   *
   * @param all that are taken
   * @param own of these, taken by the client that asks
   */
  public boolean admits(int all, int own) {
    boolean isRoom = all < most && own < mostPerClient;
    return isRoom && (all < most - most / 4 || own < Math.max(1, mostPerClient / 4));
  }
}
