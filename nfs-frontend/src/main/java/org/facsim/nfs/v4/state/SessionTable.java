/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import org.facsim.nfs.v4.Nfs4Exception;
import org.facsim.protocol.nfs4.Nfs4Status;

/**
 * The sessions by their numbers, and the memory that their slots may take for replies. A session is
 * found without a monitor; everything else is guarded by the state's.
 */
final class SessionTable {
  /** The most sessions of all clients. */
  private static final int MAX_SESSIONS = 1 << 16;

  private final StateLimits limits;
  private final Numbered<Session4> sessions = new Numbered<>(MAX_SESSIONS);
  private long promisedReplyBytes;

  SessionTable(StateLimits limits) {
    this.limits = limits;
  }

  /** The session of an id on the wire, or null. Takes no monitor. */
  Session4 find(long clientId, int number, int rest) {
    Session4 session = sessions.at(number);
    return session != null
            && session.number() == number
            && session.client().id() == clientId
            && rest == 0
            && !session.isGone()
        ? session
        : null;
  }

  /**
   * How many slots a new session gets, and what their replies may take.
   *
   * @param wanted slots
   * @param cachedReplyBytes of one slot
   */
  int affordableSlots(int wanted, int cachedReplyBytes) {
    long left = limits.replyMemoryBytes() - promisedReplyBytes;
    return (int) Math.max(1, Math.min(wanted, shareOf(left, cachedReplyBytes)));
  }

  /** One client cannot promise away what others need: it gets a small part of the rest. */
  private static long shareOf(long leftBytes, int cachedReplyBytes) {
    return leftBytes / 64 / Math.max(1, cachedReplyBytes);
  }

  /**
   * Gives a session more of the slots that it wanted, if there is memory by now; in the monitor.
   */
  void growSlots(Session4 session) {
    int missing = session.missingSlots();
    if (missing > 0) {
      long left = limits.replyMemoryBytes() - promisedReplyBytes;
      int more = (int) Math.min(missing, shareOf(left, session.fore().maxCachedReplyBytes()));
      if (more > 0) {
        promisedReplyBytes += session.replyBytes(more);
        session.addSlots(more);
      }
    }
  }

  /**
   * In the monitor.
   *
   * @param wantedSlots the most that it gets, now or later
   */
  Session4 add(Client4 client, ChannelAttributes fore, BackChannel back, int wantedSlots) {
    if (client.sessions().size() >= limits.sessionsPerClient() || sessions.isFull()) {
      throw new Nfs4Exception(Nfs4Status.NOSPC, "too many sessions");
    }
    Session4 session = new Session4(client, sessions.take(), fore, back, wantedSlots);
    promisedReplyBytes += session.replyBytes(session.slotCount());
    sessions.put(session.number(), session);
    client.sessions().add(session);
    return session;
  }

  /** In the monitor. */
  void remove(Session4 session) {
    if (session.client().sessions().remove(session)) {
      session.goes();
      sessions.remove(session.number());
      promisedReplyBytes -= session.replyBytes(session.slotCount());
    }
  }
}
