/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.facsim.services.offload.OffloadError;
import org.facsim.services.offload.OffloadFailure;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sessions by id, bounded. A session whose lease has expired is treated as gone, and is removed
 * when a new one starts.
 */
final class SessionTable {
  private static final Logger LOG = LoggerFactory.getLogger(SessionTable.class);

  private final SessionOptions options;
  private final Map<SessionId, Session> sessionsById = new ConcurrentHashMap<>();

  SessionTable(SessionOptions options) {
    this.options = options;
  }

  /**
   * Starts a session. If the table is full and the host has few sessions, an idle session of the
   * host that has most is ended for it.
   *
   * @param client the address of the host that starts it
   * @param export what it is on
   * @param timeout how long the host waits for any one answer
   * @throws OffloadFailure TOO_MANY_SESSIONS
   */
  synchronized Session start(String client, MountedExport export, Duration timeout) {
    Instant now = options.clock().instant();
    sessionsById.values().removeIf(session -> hasExpired(session, now));
    requireRoom(client);
    SessionId id;
    do {
      id = new SessionId(options.random().getAsLong(), options.random().getAsLong());
    } while (sessionsById.containsKey(id));
    Session session = new Session(id, client, export, timeout, options.maxRequests(), now);
    sessionsById.put(id, session);
    return session;
  }

  private void requireRoom(String client) {
    Map<String, List<Session>> byClient =
        sessionsById.values().stream().collect(Collectors.groupingBy(Session::client));
    int own = byClient.getOrDefault(client, List.of()).size();
    if (own >= options.maxSessionsPerClient()) {
      throw new OffloadFailure(
          OffloadError.TOO_MANY_SESSIONS,
          options.maxSessionsPerClient() + " sessions of this client are in use");
    }
    if (sessionsById.size() < options.maxSessions()) {
      return;
    }
    List<Session> most = Collections.max(byClient.values(), Comparator.comparingInt(List::size));
    Optional<Session> idle =
        most.stream().filter(Session::isIdle).min(Comparator.comparing(Session::lastUsed));
    if (most.size() <= own + 1 || idle.isEmpty()) {
      throw new OffloadFailure(
          OffloadError.TOO_MANY_SESSIONS, sessionsById.size() + " sessions are in use");
    }
    LOG.warn(
        "{} sessions: an idle one of {}, which has {}, makes room for {}",
        sessionsById.size(),
        idle.get().client(),
        most.size(),
        client);
    sessionsById.remove(idle.get().id());
    idle.get().end();
  }

  /**
   * Finds a session that is in use, and renews its lease.
   *
   * @throws OffloadFailure SESSION if it is unknown, ended or expired
   */
  Session use(SessionId id) {
    Session session = find(id);
    session.use(options.clock().instant());
    return session;
  }

  /**
   * Finds a session that is in use.
   *
   * @throws OffloadFailure SESSION if it is unknown, ended or expired
   */
  Session find(SessionId id) {
    Session session = sessionsById.get(id);
    if (session == null || session.isExpired(options.clock().instant(), options.lease())) {
      throw new OffloadFailure(
          OffloadError.UNKNOWN_SESSION, "session " + id + " is unknown or expired");
    }
    return session;
  }

  private boolean hasExpired(Session session, Instant now) {
    boolean expired = session.isExpired(now, options.lease());
    if (expired) {
      session.end();
    }
    return expired;
  }

  /** Forgets a session. Returns its jobs that are under way; the caller must abort them. */
  List<Long> end(Session session) {
    sessionsById.remove(session.id());
    return session.end();
  }

  /**
   * Forgets the sessions on volumes that are gone for good, or until a named state brings them
   * back. Returns their jobs that are under way; the caller must abort them.
   */
  List<Long> endAllOn(Set<Integer> volumeIds) {
    return sessionsById.values().stream()
        .filter(session -> volumeIds.contains(session.export().volumeId()))
        .flatMap(session -> end(session).stream())
        .toList();
  }

  /** Makes every session forget its requests. */
  void forgetRequests() {
    sessionsById.values().forEach(session -> session.requests().forgetAll());
  }
}
