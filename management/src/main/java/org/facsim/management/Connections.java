/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Bounds the door's connections, so that HTTP never takes the file descriptors that NFS needs. At a
 * limit, a new connection replaces the one that was idle longest: one of its own address if that
 * address is at its limit, otherwise one of the address with the most connections. Idle connections
 * therefore never keep a client out. If none is idle, the new connection is closed.
 *
 * <p>A connection is busy from the moment a whole request has arrived until its answer is written.
 * One that sends its request slowly, or does not read its answer, counts as idle.
 *
 * <p>Thread-safe: an answer may be written by any thread.
 */
final class Connections {
  private final int max;
  private final int maxPerAddress;

  /** Least recently used first. */
  private final Map<HttpConnection, Open> all = new LinkedHashMap<>(16, 0.75f, true);

  private final Map<String, Integer> countByAddress = new HashMap<>();

  private static final class Open {
    private final String address;
    private boolean isBusy;

    Open(String address) {
      this.address = address;
    }
  }

  Connections(int max, int maxPerAddress) {
    this.max = max;
    this.maxPerAddress = maxPerAddress;
  }

  /** How many connections one address may have. */
  int maxPerAddress() {
    return Math.min(max, maxPerAddress);
  }

  /** Takes a new connection in, or closes it. */
  synchronized void accept(HttpConnection connection) {
    String address = connection.remoteAddress().hostAddress();
    boolean hasRoom;
    if (count(address) >= maxPerAddress) {
      hasRoom = closeIdle(open -> open.address.equals(address));
    } else if (all.size() >= max) {
      hasRoom = closeIdle(open -> count(open.address) == countOfLargest());
    } else {
      hasRoom = true;
    }
    if (!hasRoom) {
      var unused = connection.close();
      return;
    }
    all.put(connection, new Open(address));
    countByAddress.merge(address, 1, Integer::sum);
    connection.closeHandler(
        v -> {
          remove(connection);
          HttpCalls.gone(connection);
        });
  }

  private int count(String address) {
    return countByAddress.getOrDefault(address, 0);
  }

  /**
   * How many connections the address has that has the most, among addresses with an idle
   * connection.
   */
  private int countOfLargest() {
    return all.values().stream()
        .filter(open -> !open.isBusy)
        .mapToInt(open -> count(open.address))
        .max()
        .orElse(0);
  }

  private boolean closeIdle(Predicate<Open> which) {
    for (Map.Entry<HttpConnection, Open> entry : all.entrySet()) {
      if (!entry.getValue().isBusy && which.test(entry.getValue())) {
        HttpConnection idle = entry.getKey();
        remove(idle);
        var unused = idle.close();
        return true;
      }
    }
    return false;
  }

  /**
   * Notes that a request has arrived or that its answer is written. A connection that is not known
   * is closed already.
   */
  synchronized void setBusy(HttpConnection connection, boolean isBusy) {
    Open open = all.get(connection);
    if (open != null) {
      open.isBusy = isBusy;
    }
  }

  private synchronized void remove(HttpConnection connection) {
    Open gone = all.remove(connection);
    if (gone != null) {
      countByAddress.computeIfPresent(gone.address, (key, count) -> count == 1 ? null : count - 1);
    }
  }

  synchronized int count() {
    return all.size();
  }
}
