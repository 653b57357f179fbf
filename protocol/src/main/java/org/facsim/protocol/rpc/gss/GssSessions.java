/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.protocol.rpc.gss;

import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.ietf.jgss.GSSContext;

/**
 * The contexts of a server by their handles. Bounded: if there are too many, the one that was used
 * longest ago goes, and its client makes a new one. Thread-safe.
 */
final class GssSessions {
  static final int MAX_SESSIONS = 4096;

  /** The bytes of a handle. */
  static final int HANDLE_BYTES = Long.BYTES;

  private final Map<Long, GssSession> byHandle = new ConcurrentHashMap<>();
  private final SecureRandom random = new SecureRandom();
  private final int most;

  GssSessions(int most) {
    this.most = most;
  }

  GssSession add(GSSContext context, long nowNanos) {
    while (true) {
      GssSession session = new GssSession(random.nextLong(), context, nowNanos);
      if (byHandle.putIfAbsent(session.handle(), session) == null) {
        makeRoom(session);
        return session;
      }
    }
  }

  private void makeRoom(GssSession fresh) {
    while (byHandle.size() > most) {
      byHandle.values().stream()
          .filter(session -> session != fresh)
          .min(Comparator.comparingLong(GssSession::usedNanos))
          .ifPresent(this::remove);
    }
  }

  /** The context of a handle; null if there is none. */
  GssSession find(byte[] handle) {
    return handle.length == HANDLE_BYTES ? byHandle.get(ByteBuffer.wrap(handle).getLong()) : null;
  }

  void remove(GssSession session) {
    if (byHandle.remove(session.handle(), session)) {
      session.dispose();
    }
  }

  int count() {
    return byHandle.size();
  }
}
