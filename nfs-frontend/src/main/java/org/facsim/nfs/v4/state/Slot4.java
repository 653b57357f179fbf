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
 * and the number after 2^32-1 is 0.
 *
 * <p>Takes no lock. A request occupies the slot by one compare-and-set of its {@code state}, and
 * from then until its end all other fields belong to it. Whoever looks at what is remembered asks
 * {@link #isStillAt} afterwards.
 */
final class Slot4 implements SlotInUse {
  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Slot4.class, "state", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private static final long BUSY = 1;
  private static final long USED = 2;
  private static final int NUMBER_SHIFT = 2;

  private final Session4 session;
  private final int index;

  /** Whether the last request is being executed, whether there was one, and its number. */
  private volatile long state;

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

  /** A slot on which a request with this number was answered, without a memory of it. */
  static Slot4 answeredUpTo(int number, Session4 session) {
    Slot4 slot = new Slot4(session, 0);
    slot.state = answeredState(number);
    return slot;
  }

  /** What a request on this slot is. */
  enum Arrival {
    /** The next one. It has occupied the slot. */
    NEXT,
    /** The last one again, which has been answered. */
    REPEATED,
    /** The last one again, which is being executed. */
    RUNNING,
    MISORDERED
  }

  /** A request comes. If it is the next one, it occupies the slot. */
  Arrival arrives(int number, boolean cacheThis, int requestOperations, Credential newCaller) {
    long before = state;
    int last = (int) (before >>> NUMBER_SHIFT);
    boolean isIdle = (before & BUSY) == 0;
    if (number == last && (before & USED) != 0) {
      return isIdle ? Arrival.REPEATED : Arrival.RUNNING;
    }
    if (number != last + 1 || !isIdle) {
      return Arrival.MISORDERED;
    }
    if (!STATE.compareAndSet(this, before, answeredState(number) | BUSY)) {
      return Arrival.RUNNING; // nothing but the same request can have come in between
    }
    begin(cacheThis, requestOperations, newCaller);
    return Arrival.NEXT;
  }

  private static long answeredState(int number) {
    return ((number & 0xffff_ffffL) << NUMBER_SHIFT) | USED;
  }

  @SuppressWarnings("ReferenceEquality") // a store into an old object costs more than a look
  private void begin(boolean cacheThis, int requestOperations, Credential newCaller) {
    isCached = cacheThis;
    operations = requestOperations;
    if (caller != newCaller) {
      caller = newCaller;
    }
    if (reply != null) {
      reply = null;
    }
    era = session.era();
  }

  private void end() {
    STATE.setRelease(this, state & ~BUSY);
  }

  boolean isBusy() {
    return (state & BUSY) != 0;
  }

  /** Whether what was seen since {@link Arrival#REPEATED} belongs to that request. */
  boolean isStillAt(int number) {
    VarHandle.loadLoadFence();
    return state == answeredState(number);
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
    end();
  }

  @Override
  public void abandoned(Compound compound) {
    // it may have changed something, so it must not run again, and no reply is remembered
    end();
  }
}
