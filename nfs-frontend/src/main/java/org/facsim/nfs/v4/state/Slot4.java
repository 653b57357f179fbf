/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.SlotInUse;
import org.facsim.services.state.LockClient;

/**
 * One slot of a session: the last request on it, and its reply. The first request has the number 1,
 * and the number after 2^32-1 is 0. Guarded by its session.
 */
final class Slot4 implements SlotInUse {
  private final Session4 session;
  private final int index;

  private int sequence;
  private boolean isBusy;
  private boolean isCached;
  private int operations;
  private Object principal;

  /** Of the array's contents when the request came. */
  private int era;

  /** The last reply; null if it is not remembered. */
  private byte[] reply;

  Slot4(Session4 session, int index) {
    this.session = session;
    this.index = index;
  }

  /** What a request on this slot is. */
  enum Arrival {
    NEXT,
    /** The last one again, which has been answered. */
    REPEATED,
    /** The last one again, which is being executed. */
    RUNNING,
    MISORDERED
  }

  Arrival arrival(int number) {
    if (number == sequence && operations > 0) {
      return isBusy ? Arrival.RUNNING : Arrival.REPEATED;
    }
    return number == sequence + 1 && !isBusy ? Arrival.NEXT : Arrival.MISORDERED;
  }

  void begin(int number, boolean cacheThis, int requestOperations, Object caller) {
    sequence = number;
    isBusy = true;
    isCached = cacheThis;
    operations = requestOperations;
    principal = caller;
    reply = null;
    era = session.era();
  }

  boolean isBusy() {
    return isBusy;
  }

  /** Whether a repeated request can be the last one: as many operations, for the same caller. */
  boolean fits(int requestOperations, Object caller) {
    return operations == requestOperations && caller.equals(principal);
  }

  /** Null if it is not remembered, or was given before a named state was restored. */
  byte[] reply() {
    return era == session.era() ? reply : null;
  }

  int index() {
    return index;
  }

  @Override
  public LockClient client() {
    return session.client();
  }

  Session4 session() {
    return session;
  }

  @Override
  public int maxReplyBytes() {
    return session.fore().maxReplyBytes();
  }

  @Override
  public int maxCachedReplyBytes() {
    return session.fore().maxCachedReplyBytes();
  }

  @Override
  public boolean isCached() {
    return isCached;
  }

  @Override
  public void answered(Compound compound, ByteBuf results, int start, int lengthBytes) {
    // the reply to SEQUENCE alone is short, and is the same as one that is remembered
    boolean remember =
        lengthBytes > 0
            && (isCached || operations == 1)
            && lengthBytes <= session.fore().maxReplyBytes();
    byte[] copy = remember ? new byte[lengthBytes] : null;
    if (remember) {
      results.getBytes(start, copy);
    }
    synchronized (session) {
      reply = copy;
      isBusy = false;
    }
    session.ended();
  }

  @Override
  public void abandoned(Compound compound) {
    synchronized (session) {
      // it may have changed something, so it must not run again
      isBusy = false;
      reply = null;
    }
    session.ended();
  }
}
