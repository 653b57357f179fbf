/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import io.netty.buffer.ByteBuf;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.facsim.nfs.v4.Compound;
import org.facsim.nfs.v4.SlotInUse;
import org.facsim.protocol.rpc.Credential;
import org.facsim.services.state.LockClient;

/**
 * One slot of a session: the last request on it, and its reply. The first request has the number 1,
 * and the number after 2^32-1 is 0. Guarded by its session, whose monitor a request takes once: at
 * its end, the busy mark is removed last, and without it.
 */
final class Slot4 implements SlotInUse {
  private static final VarHandle BUSY;

  static {
    try {
      BUSY = MethodHandles.lookup().findVarHandle(Slot4.class, "isBusy", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Session4 session;
  private final int index;

  private int sequence;
  private volatile boolean isBusy;
  private boolean isCached;
  private int operations;
  private Credential caller;

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

  @SuppressWarnings("ReferenceEquality") // a store into an old object costs more than a look
  void begin(int number, boolean cacheThis, int requestOperations, Credential newCaller) {
    sequence = number;
    isCached = cacheThis;
    operations = requestOperations;
    if (caller != newCaller) {
      caller = newCaller;
    }
    if (reply != null) {
      reply = null;
    }
    era = session.era();
    BUSY.setOpaque(this, true); // the end of the monitor publishes it
  }

  boolean isBusy() {
    return isBusy;
  }

  /** Whether a repeated request can be the last one: as many operations, for the same caller. */
  boolean fits(int requestOperations, Credential newCaller) {
    return operations == requestOperations && Principal.of(newCaller).equals(Principal.of(caller));
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
    if (remember) {
      byte[] copy = new byte[lengthBytes];
      results.getBytes(start, copy);
      reply = copy;
    }
    BUSY.setRelease(this, false);
  }

  @Override
  public void abandoned(Compound compound) {
    // it may have changed something, so it must not run again, and no reply is remembered
    BUSY.setRelease(this, false);
  }
}
