/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

/**
 * How much of something bounded one client may have. A client has at most its share. The last
 * quarter of all goes only to clients that have less than a quarter of their share, so that greedy
 * clients leave room for modest ones.
 *
 * @param most how many all clients together may have, 1 or more
 * @param mostPerClient how many one client may have, 1 or more
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
   * @param all how many are taken
   * @param own how many of these the client has that asks
   */
  public boolean admits(int all, int own) {
    boolean isRoom = all < most && own < mostPerClient;
    return isRoom && (all < most - most / 4 || own < Math.max(1, mostPerClient / 4));
  }
}
