/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.ext.web.RoutingContext;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.HostLocks;
import org.facsim.services.control.LeasedClients;
import org.facsim.services.state.ByteRange;
import org.facsim.services.state.HeldLock;
import org.facsim.services.state.LockClient;

/**
 * Shows what NFS clients hold. An administrator can free those of an NLM host that is gone for
 * good: NLM has no leases, so a host that falls silent keeps its locks.
 */
final class LockRoutes {
  private static final String LOCKS = "/api/v1/locks";
  private static final String HOSTS = LOCKS + "/hosts";
  private static final String HOST = HOSTS + "/:address/:name";
  private static final String CLIENTS = LOCKS + "/clients";
  private static final String CLIENT = CLIENTS + "/:id";
  private static final String OPENS = LOCKS + "/opens";
  private static final String DELEGATIONS = LOCKS + "/delegations";
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
    routes.get(CLIENTS, this::clients);
    routes.delete(CLIENT, this::forget);
    routes.get(OPENS, this::opens);
    routes.get(DELEGATIONS, this::delegations);
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

  /**
   * A client of NFSv4.
   *
   * @param id 16 hexadecimal digits
   * @param version {@code 4.0}, or {@code 4.1} for every later one
   */
  record ClientJson(
      String id,
      String name,
      String address,
      String version,
      long silentSeconds,
      boolean isLapsed,
      boolean isReachable,
      int sessions,
      int connections,
      int opens,
      int lockedFiles,
      int delegations) {
    static ClientJson of(LeasedClients.Client client) {
      return new ClientJson(
          idOf(client.id()),
          client.name(),
          client.address().getHostAddress(),
          client.hasSessions() ? "4.1" : "4.0",
          client.silent().toSeconds(),
          client.isLapsed(),
          client.isReachable(),
          client.sessions(),
          client.connections(),
          client.opens(),
          client.lockedFiles(),
          client.delegations());
    }
  }

  /** An open; access and deny are {@code NONE}, {@code READ}, {@code WRITE} or {@code BOTH}. */
  record OpenJson(
      String client, String owner, String volume, long fileId, String access, String deny) {
    private static final List<String> WORDS = List.of("NONE", "READ", "WRITE", "BOTH");

    static OpenJson of(LeasedClients.Open open) {
      return new OpenJson(
          idOf(open.clientId()),
          open.owner(),
          open.file().volume().name(),
          open.file().fileId(),
          WORDS.get(open.share().access()),
          WORDS.get(open.share().deny()));
    }
  }

  record DelegationJson(String client, String volume, long fileId, String kind, boolean isRevoked) {
    static DelegationJson of(LeasedClients.Delegated delegated) {
      return new DelegationJson(
          idOf(delegated.clientId()),
          delegated.file().volume().name(),
          delegated.file().fileId(),
          delegated.kind().name(),
          delegated.isRevoked());
    }
  }

  /**
   * Some of them.
   *
   * @param count the number of all; {@code items} has at most {@value #MAX_SHOWN} of them
   */
  record SomeJson<T>(int count, List<T> items) {}

  private static String idOf(long clientId) {
    return HexFormat.of().toHexDigits(clientId);
  }

  private static <T, J> void some(
      RoutingContext context, Class<J> item, List<T> all, Function<T, J> json) {
    ListPart part = ListPart.of(context, item);
    List<J> matching = part.matching(all.stream().map(json).toList());
    Answers.json(context, OK, new SomeJson<>(matching.size(), shown(part, matching)));
  }

  private static <J> List<J> shown(ListPart part, List<J> matching) {
    return part.hasPiece() ? part.piece(matching) : matching.stream().limit(MAX_SHOWN).toList();
  }

  private void clients(RoutingContext context) {
    some(context, ClientJson.class, array.locks().leased().clients(), ClientJson::of);
  }

  private void opens(RoutingContext context) {
    some(context, OpenJson.class, array.locks().leased().opens(), OpenJson::of);
  }

  private void delegations(RoutingContext context) {
    some(context, DelegationJson.class, array.locks().leased().delegations(), DelegationJson::of);
  }

  private void forget(RoutingContext context) {
    JsonBodies.readNothing(context);
    String id = context.pathParam("id");
    int files = -1;
    if (id.matches("[0-9a-f]{16}")) {
      files = array.locks().forget(Long.parseUnsignedLong(id, 16));
    }
    if (files < 0) {
      throw Problem.notFound("no client '" + id + "'; " + CLIENTS + " lists those that there are");
    }
    Answers.json(context, OK, new ReleasedJson(files));
  }

  private void locks(RoutingContext context) {
    ListPart part = ListPart.of(context, LockJson.class);
    List<LockJson> held = part.matching(array.locks().held().stream().map(LockJson::of).toList());
    Answers.json(context, OK, new LocksJson(held.size(), shown(part, held)));
  }

  private void hosts(RoutingContext context) {
    Map<LockClient, Integer> counts = new HashMap<>();
    array.locks().held().forEach(lock -> counts.merge(lock.owner().client(), 1, Integer::sum));
    ListPart.answer(
        context,
        LockHostJson.class,
        array.locks().hosts().stream()
            .map(
                host ->
                    new LockHostJson(
                        host.address().getHostAddress(),
                        host.name(),
                        counts.getOrDefault(host.client(), 0)))
            .sorted(Comparator.comparing(LockHostJson::address).thenComparing(LockHostJson::name))
            .toList());
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
