/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.HostLocks;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.HeldLock;
import org.facsim.services.state.LockClient;

/**
 * Shows the locks of NFS clients. An administrator can free those of an NLM host that is gone for
 * good: NLM has no leases, so a host that falls silent keeps its locks.
 */
final class LockRoutes {
  private static final String LOCKS = "/api/v1/locks";
  private static final String HOSTS = LOCKS + "/hosts";
  private static final String HOST = HOSTS + "/:address/:name";
  private static final int OK = 200;

  /** The most locks that are shown; all are counted. */
  private static final int MAX_SHOWN = 1000;

  private final ArrayControl array;

  LockRoutes(ArrayControl array) {
    this.array = array;
  }

  void addTo(Routes routes) {
    routes.get(LOCKS, this::locks);
    routes.get(HOSTS, this::hosts);
    routes.delete(HOST, this::release);
  }

  /**
   * A range that is locked.
   *
   * @param client the client that holds it
   * @param lastByte null, and then absent in JSON, if the range includes everything to the end of
   *     the file, even when the file grows
   */
  record LockJson(
      String client, String volume, long fileId, String mode, long firstByte, Long lastByte) {
    static LockJson of(HeldLock lock) {
      ByteRange range = lock.range();
      return new LockJson(
          lock.owner().client().toString(),
          lock.file().volume().name(),
          lock.file().fileId(),
          lock.mode().name(),
          range.firstByte(),
          range.lastByte() == ByteRange.END ? null : range.lastByte());
    }
  }

  /**
   * The locks held now.
   *
   * @param count the number of all locks; {@code items} has at most {@value #MAX_SHOWN} of them
   */
  record LocksJson(int count, List<LockJson> items) {}

  record LockHostJson(String address, String name, int locks) {}

  /** The number of files in which something was released. */
  record ReleasedJson(int files) {}

  private void locks(RoutingContext context) {
    List<HeldLock> held = array.locks().held();
    Answers.json(
        context,
        OK,
        new LocksJson(held.size(), held.stream().limit(MAX_SHOWN).map(LockJson::of).toList()));
  }

  private void hosts(RoutingContext context) {
    Map<LockClient, Integer> counts = new HashMap<>();
    array.locks().held().forEach(lock -> counts.merge(lock.owner().client(), 1, Integer::sum));
    Answers.json(
        context,
        OK,
        new ArrayJson.Listing<>(
            array.locks().hosts().stream()
                .map(
                    host ->
                        new LockHostJson(
                            host.address().getHostAddress(),
                            host.name(),
                            counts.getOrDefault(host.client(), 0)))
                .sorted(
                    Comparator.comparing(LockHostJson::address).thenComparing(LockHostJson::name))
                .toList()));
  }

  private void release(RoutingContext context) {
    JsonBodies.readNothing(context);
    String address = context.pathParam("address");
    String name = context.pathParam("name");
    HostLocks.Host host =
        array.locks().hosts().stream()
            .filter(each -> each.address().getHostAddress().equals(address))
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    Problem.notFound(
                        "no host '"
                            + name
                            + "' at "
                            + address
                            + " has locked anything; "
                            + HOSTS
                            + " lists those that have"));
    Answers.json(context, OK, new ReleasedJson(array.locks().release(host)));
  }
}
