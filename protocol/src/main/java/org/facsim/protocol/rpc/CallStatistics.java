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
 * What every client called at a server, or at several, by procedure, always on.
 *
 * <p>How it costs next to nothing: every event loop has its own counters for a client, which only
 * it writes, so counting is a few plain additions; the loops' counters are added up when somebody
 * reads. The clock costs more than all counting, so of many calls only a random part is timed, see
 * {@link CallCounts#latency}.
 *
 * <p>Why this is no {@link CallTap}, and so no link of the call chain: a tap costs an object for
 * each call, and there is none unless somebody asks for it; this counts always.
 *
 * <p>Bounded: {@value #MAX_CLIENTS} clients are told apart, whoever comes later is summed up as
 * {@link #OTHERS}; a client costs about 2 KiB for each procedure that it has called. Thread-safe.
 */
public final class CallStatistics {
  /** Clients, by address, that have rows of their own. */
  public static final int MAX_CLIENTS = 256;

  /** Who stands for all clients beyond {@link #MAX_CLIENTS}. */
  public static final String OTHERS = "others";

  /** What stands for procedures beyond the 63rd, which no program here has. */
  public static final int OTHER_PROCEDURES = -1;

  /** What stands for statuses beyond the most that are told apart. */
  public static final int OTHER_STATUS = -1;

  private final LongSupplier nanoClock;
  private final Map<Place, ClientCounters> counters = new ConcurrentHashMap<>();
  private final Map<String, Boolean> clients = new HashMap<>();

  /** Of one server, or of several that count together. */
  public CallStatistics() {
    this(System::nanoTime);
  }

  CallStatistics(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  /** Where a client is counted: by one loop alone. */
  private record Place(Object loop, String client) {}

  /** The counters of a client, for the calling loop alone to write. */
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

  /** All counts now, by client, program, version and procedure; what was never called is absent. */
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
