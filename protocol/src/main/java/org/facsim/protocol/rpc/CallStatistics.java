/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Counts the calls of each client at one server or several, by procedure. It is always on.
 *
 * <p>It costs very little. Every event loop has its own counters for a client, which no other
 * thread writes, so that counting is a few plain additions. A reader adds up the counters of all
 * loops. Reading the clock costs more than all the counting, so that only a random part of many
 * calls is timed, see {@link CallCounts#latency}.
 *
 * <p>It is no {@link CallTap}, and so no link of the call chain, because a tap costs an object for
 * each call and is there only if somebody asks for it, while this counts always.
 *
 * <p>It is bounded: {@value #MAX_CLIENTS} clients are counted separately, and later ones together
 * as {@link #OTHERS}. A client costs about 2 KiB for each procedure that it has called.
 * Thread-safe.
 */
public final class CallStatistics {
  /** How many clients, by address, have rows of their own. */
  public static final int MAX_CLIENTS = 256;

  /** The name under which all clients beyond {@link #MAX_CLIENTS} are counted. */
  public static final String OTHERS = "others";

  /**
   * The number under which procedures above 94 are counted; no program here has such procedures.
   */
  public static final int OTHER_PROCEDURES = -1;

  /** The status under which statuses beyond the separately counted ones are counted. */
  public static final int OTHER_STATUS = -1;

  private final LongSupplier nanoClock;
  private final Map<Place, ClientCounters> counters = new ConcurrentHashMap<>();
  private final Map<String, Boolean> clients = new HashMap<>();

  /** Statistics for one server, or for several that count together. */
  public CallStatistics() {
    this(System::nanoTime);
  }

  CallStatistics(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** The key of a client's counters on one loop. */
  private record Place(Object loop, String client) {}

  /** The counters of a client. Only the calling loop may write them. */
  ClientCounters of(Object loop, InetAddress client) {
    return counters.computeIfAbsent(
        new Place(loop, rowOf(client.getHostAddress())), place -> new ClientCounters(nanoClock));
  }

  private String rowOf(String client) {
    synchronized (clients) {
      if (clients.size() < MAX_CLIENTS) {
        clients.put(client, true);
      }
      return clients.containsKey(client) ? client : OTHERS;
    }
  }

  /**
   * The present counts, by client, program, version and procedure. Procedures that were never
   * called are absent.
   */
  public List<CallCounts> read() {
    Map<List<Object>, CallCounts> rows = new HashMap<>();
    counters.forEach(
        (place, of) -> {
          for (CallCounts row : of.read(place.client)) {
            rows.merge(
                List.of(row.client(), row.program(), row.version(), row.procedure()),
                row,
                CallCounts::plus);
          }
        });
    List<CallCounts> sorted = new ArrayList<>(rows.values());
    sorted.sort(
        Comparator.comparing(CallCounts::client)
            .thenComparing(CallCounts::program, Integer::compareUnsigned)
            .thenComparingInt(CallCounts::version)
            .thenComparing(CallCounts::procedure, Integer::compareUnsigned));
    return sorted;
  }
}
