/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Those who follow something: their connections are never idle, so nobody takes their place. One
 * address may have as many followers as half of its connections, so that it always has room for
 * other requests, such as those of a health probe. Thread-safe.
 */
final class Followers {
  private final int maxPerAddress;
  private final Set<RoutingContext> all = ConcurrentHashMap.newKeySet();

  /**
   * @param maxConnections of one address
   */
  Followers(int maxConnections) {
    this.maxPerAddress = Math.max(1, maxConnections / 2);
  }

  /**
   * Refuses one more from an address that has enough.
   *
   * @throws Problem 503
   */
  void requireRoom(RoutingContext context) {
    String address = address(context);
    long count = all.stream().filter(each -> address(each).equals(address)).count();
    if (count >= maxPerAddress) {
      throw new Problem(
          503,
          "Busy",
          count
              + " clients at "
              + address
              + " follow something already; allowed: "
              + maxPerAddress
              + " of one address, so that it has connections for other requests");
    }
  }

  private static String address(RoutingContext context) {
    return context.request().remoteAddress().hostAddress();
  }

  void add(RoutingContext context) {
    all.add(context);
  }

  void remove(RoutingContext context) {
    all.remove(context);
  }
}
