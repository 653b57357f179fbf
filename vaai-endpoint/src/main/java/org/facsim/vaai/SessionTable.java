/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.facsim.protocol.vaai.SessionId;
import org.facsim.protocol.vaai.VaaiStatus;
import org.facsim.vaai.offload.VaaiFailure;

/**
 * The sessions by id, bounded. A session that outlived its lease is gone for whoever asks for it,
 * and is swept out when a new one starts.
 */
final class SessionTable {
  private final VaaiOptions options;
  private final Map<SessionId, Session> sessionsById = new ConcurrentHashMap<>();

  SessionTable(VaaiOptions options) {
    this.options = options;
  }

  /**
   * Starts a session.
   *
   * @param timeout how long its host waits for any one answer
   * @throws VaaiFailure TOO_MANY_SESSIONS
   */
  synchronized Session start(String exportPath, int volumeId, Duration timeout) {
    Instant now = options.clock().instant();
    sessionsById.values().removeIf(session -> hasExpired(session, now));
    if (sessionsById.size() >= options.maxSessions()) {
      throw new VaaiFailure(
          VaaiStatus.TOO_MANY_SESSIONS, options.maxSessions() + " sessions are in use");
    }
    SessionId id;
    do {
      id = new SessionId(options.random().getAsLong(), options.random().getAsLong());
    } while (sessionsById.containsKey(id));
    Session session = new Session(id, exportPath, volumeId, timeout, options.maxRequests(), now);
    sessionsById.put(id, session);
    return session;
  }

  /**
   * A session in use, whose lease starts anew.
   *
   * @throws VaaiFailure SESSION if it is unknown, ended or expired
   */
  Session use(SessionId id) {
    Session session = sessionsById.get(id);
    Instant now = options.clock().instant();
    if (session == null || session.isExpired(now, options.lease())) {
      throw new VaaiFailure(VaaiStatus.SESSION, "session " + id + " is unknown or expired");
    }
    session.use(now);
    return session;
  }

  private boolean hasExpired(Session session, Instant now) {
    boolean expired = session.isExpired(now, options.lease());
    if (expired) {
      session.end();
    }
    return expired;
  }

  /** Forgets a session. Returns its jobs that are under way, which are the caller's to abort. */
  List<Long> end(Session session) {
    sessionsById.remove(session.id());
    return session.end();
  }

  /** No session remembers any request. */
  void forgetRequests() {
    sessionsById.values().forEach(session -> session.requests().forgetAll());
  }
}
