/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.services.calls.CallTurn;

/**
 * The latest calls, in the order of their arrival, outside the heap: a slot of {@value #SLOT_BYTES}
 * bytes each. Its head, {@value #HEAD_BYTES} bytes in two lines of the cache, says what is known of
 * the call; its tail keeps the first bytes of request and answer. Heads lie one behind the other
 * and so do tails, 1024 of each: a call that needs no tail touches memory in order.
 *
 * <pre>
 *   byte   0  stage        long  sequence (8..) and how far the call has come
 *          8  received     long  nanoseconds of {@link System#nanoTime}
 *         16  ends         long  text: the connection, and for a brief call the credential's bytes
 *         24  asked        long  size of the request (32..), xid
 *         32  what         long  program (32..), procedure (16..), version (8..), door
 *         40  path         long  text: of the file; 0 if the call names none
 *         48  user         long  gid (32..), uid
 *         56  duration     long  nanoseconds
 *         64  answer       long  size of the answer (32..), the door's word
 *         72  brought      short what the operation point brought
 *         74  ended        short how it ended
 *         76  kept         short bytes of the request that are here
 *         78  kept         short bytes of the reply that are here
 *         80  name         long  text: of the entry in the directory
 *         88  other path   long  text
 *         96  other name   long  text
 *        104  procedure    long  text: its name, if no number says it
 *        120  fault        long  text
 *   tail:
 *          0  request      {@value #REQUEST_BYTES} bytes
 *        352  reply        {@value #REPLY_BYTES} bytes
 * </pre>
 *
 * <p><b>Brief calls</b>, which name nothing but a handle and were answered at once, are written at
 * their ends, those of one turn together in the slot of the first one: {@link Bundle}.
 *
 * <p><b>Claiming.</b> Whoever records calls claims the next slots, for one call or for those that
 * one read brought, and so owns each of them until its call has ended; any thread may. The slot of
 * a call that has not ended is never claimed but passed over: so nobody but its owner writes to a
 * slot, and a call under way stays in the journal however long it takes. Its sequence number is
 * then left out, and so are those that were claimed and not used. A byte for each slot says whether
 * it is free, so that a claim touches no slot. The slots of the calls of one read are free when all
 * of these are begun.
 *
 * <p><b>Reading</b> takes no lock. Each stage is published by a release when its fields are
 * written, and fields of one stage are not changed in a later one. A reader copies the slot, looks
 * at the sequence again, and believes only the fields of the stages that it had seen. Before
 * anything else is written to a slot, it gets the new sequence.
 */
final class CallRing implements CallTurn.Keeper {
  static final int HEAD_BYTES = 128;
  static final int REQUEST_BYTES = 352;
  static final int REPLY_BYTES = 96;
  static final int SLOT_BYTES = HEAD_BYTES + REQUEST_BYTES + REPLY_BYTES;
  static final int RECEIVED_NANOS = 8;
  static final int ENDS = 16;
  static final int ASKED = 24;
  static final int WHAT = 32;
  static final int PATH = 40;
  static final int USER = 48;
  static final int DURATION = 56;
  static final int ANSWER = 64;
  static final int BROUGHT = 72;
  static final int END = 74;
  static final int REQUEST_KEPT = 76;
  static final int REPLY_KEPT = 78;
  static final int NAME = 80;
  static final int OTHER_PATH = 88;
  static final int OTHER_NAME = 96;
  static final int PROCEDURE_NAME = 104;
  static final int FAULT = 120;

  /** In the copy that {@link #read} makes. */
  static final int REQUEST = HEAD_BYTES;

  static final int REPLY = REQUEST + REQUEST_BYTES;

  /** Of {@link #WHAT}. */
  static final int PROGRAM_SHIFT = 32;

  static final int PROCEDURE_SHIFT = 16;
  static final int VERSION_SHIFT = 8;

  // Stages.
  static final int CLAIMED = 1;
  static final int RECEIVED = 2;
  static final int OPERATION = 3;
  static final int ANSWERED = 4;
  static final int ENDED = 5;

  /** A {@link Bundle} of calls that have ended. */
  static final int BUNDLE = 6;

  // Whose a slot is.
  private static final byte FREE = 0;
  private static final byte OPEN = 1;
  private static final byte UNDER_WAY = 2;

  private static final int STAGE_BITS = 8;
  private static final long STAGE_MASK = (1 << STAGE_BITS) - 1;

  private static final int CACHE_LINE = 64;

  private static final int SLAB_SHIFT = 10;
  private static final int SLAB_SLOTS = 1 << SLAB_SHIFT;

  /** Slots of calls under way that are passed over before a call goes unrecorded. */
  private static final int MAX_PASSED_OVER = 1024;

  /** After memory was refused, it is not asked for again so soon. */
  private static final long RETRY_NANOS = 1_000_000_000L;

  private static final VarHandle LONG =
      MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final VarHandle BYTE = MethodHandles.arrayElementVarHandle(byte[].class);

  private final int slots;
  private final ByteBuffer[] slabs;

  /** Of each slot: taken under {@link #claims}, given back by its owner. */
  private final byte[] owned;

  /** Claims are made under this. */
  private final Object claims = new Object();

  /** The next sequence number. Written under {@link #claims}. */
  private volatile long next;

  /** Of the place 0, in this lap or in an earlier one. */
  private long lapBegin;

  private volatile boolean lacksMemory;
  private long refusedNanos;
  private final AtomicLong unrecorded = new AtomicLong();

  /**
   * @param slots how many there are
   * @param first the number of the first call
   */
  CallRing(int slots, long first) {
    this.slots = slots;
    next = first;
    lapBegin = first - first % slots;
    slabs = new ByteBuffer[(slots + SLAB_SLOTS - 1) >>> SLAB_SHIFT];
    owned = new byte[slots];
  }

  /**
   * A ring that keeps so many calls: a bundle goes as a whole when the slot of its first call is
   * claimed, so there are more slots than that.
   */
  static CallRing keeping(int calls, long first) {
    return new CallRing(calls + Bundle.MOST, first);
  }

  /** The most calls that are kept. */
  int kept() {
    return slots - Bundle.MOST;
  }

  int slots() {
    return slots;
  }

  /** What a ring that keeps so many calls takes outside the heap, at most. */
  static long bytesFor(int calls) {
    return (long) (calls + Bundle.MOST) * SLOT_BYTES;
  }

  /** Calls that are not in the ring although they came, because there was no place for them. */
  long unrecorded() {
    return unrecorded.get();
  }

  // ---------------------------------------------------------------- writing

  private int placeOf(long sequence) {
    long begin = lapBegin; // another thread's may be older: any multiple of the size will do
    long place = sequence - begin;
    if (place >= 0 && place < slots) {
      return (int) place;
    }
    int found = (int) (sequence % slots);
    if (place >= slots) {
      lapBegin = sequence - found;
    }
    return found;
  }

  /** Claims a slot. Returns its sequence number, or 0 if there is none to claim. */
  long claim() {
    return claim(1, null);
  }

  /**
   * Claims slots for calls that have arrived.
   *
   * @param expected how many there may be, 1 or more
   * @param turn gets the numbers; null if one call is expected, which {@link #begin}s at once
   * @return the first sequence number, or 0 if there is none to claim
   */
  long claim(int expected, CallTurn turn) {
    if (turn != null) {
      turn.ends();
    }
    long first;
    long end;
    synchronized (claims) {
      first = firstFree(next);
      if (first == 0) {
        unrecorded.incrementAndGet();
        return 0;
      }
      end = first + 1;
      long most = first + Math.min(expected, Math.min(Bundle.MOST, slots));
      while (end < most && isFree(end)) {
        end++;
      }
      for (long each = first; each < end; each++) {
        owned[placeOf(each)] = OPEN;
      }
      next = end; // before the slots change: who misses a call sees that it may be overwritten
    }
    VarHandle.fullFence();
    if (turn == null) {
      begin(first);
    } else {
      turn.setAside(this, first, end);
    }
    return first;
  }

  private long firstFree(long from) {
    for (long each = from; each < from + MAX_PASSED_OVER; each++) {
      if (isFree(each)) {
        return each;
      } else if (memory(each) == null) {
        break;
      }
    }
    return 0;
  }

  /** Whether the slot for a number is there, and nobody's. */
  private boolean isFree(long sequence) {
    int place = placeOf(sequence);
    int slab = place >>> SLAB_SHIFT;
    return (slabs[slab] != null || newSlab(slab) != null)
        && (byte) BYTE.getAcquire(owned, place) == FREE;
  }

  /** A claimed call has a slot of its own until {@link #ended}. Nothing is known of it so far. */
  void begin(long sequence) {
    BYTE.setRelease(owned, placeOf(sequence), UNDER_WAY);
    mark(sequence);
  }

  /** A claimed slot is about to be written to. */
  void mark(long sequence) {
    publish(memory(sequence), at(sequence), sequence, CLAIMED);
    VarHandle.storeStoreFence();
  }

  /** A call has ended that had a slot of its own, and everything is written. */
  void ended(long sequence) {
    publish(memory(sequence), at(sequence), sequence, ENDED);
    BYTE.setRelease(owned, placeOf(sequence), FREE);
  }

  /** Whoever set out to write to the slots of a turn has done so, unless a call is under way. */
  @Override
  public void turnEnds(long first, long beyond, Object bundle) {
    if (bundle != null) {
      ((Bundle) bundle).turnEnds();
    }
    for (long each = first; each < beyond; each++) {
      int place = placeOf(each);
      if (owned[place] == OPEN) {
        BYTE.setRelease(owned, place, FREE);
      }
    }
  }

  private ByteBuffer newSlab(int index) {
    synchronized (slabs) {
      long nowNanos = System.nanoTime();
      if (slabs[index] == null && !(lacksMemory && nowNanos - refusedNanos < RETRY_NANOS)) {
        try {
          int count = slotsOf(index);
          // aligned, as atomic access needs it
          ByteBuffer made = ByteBuffer.allocateDirect(count * SLOT_BYTES + CACHE_LINE);
          ByteBuffer aligned = made.alignedSlice(CACHE_LINE).order(ByteOrder.nativeOrder());
          VarHandle.releaseFence();
          slabs[index] = aligned;
          lacksMemory = false;
        } catch (OutOfMemoryError e) { // of direct memory, which others need, too
          lacksMemory = true;
          refusedNanos = nowNanos;
        }
      }
      return slabs[index];
    }
  }

  private int slotsOf(int slab) {
    return Math.min(SLAB_SLOTS, slots - (slab << SLAB_SHIFT));
  }

  /** Whether the array has refused memory for further calls. */
  boolean lacksMemory() {
    return lacksMemory;
  }

  /** The memory of a claimed call; see {@link #at}. */
  ByteBuffer memory(long sequence) {
    return slabs[placeOf(sequence) >>> SLAB_SHIFT];
  }

  /** Where the head of its slot begins. */
  int at(long sequence) {
    return (placeOf(sequence) & (SLAB_SLOTS - 1)) * HEAD_BYTES;
  }

  /** Where the tail of its slot begins. */
  int tail(long sequence) {
    return tailOf(placeOf(sequence));
  }

  private int tailOf(int place) {
    return slotsOf(place >>> SLAB_SHIFT) * HEAD_BYTES
        + (place & (SLAB_SLOTS - 1)) * (SLOT_BYTES - HEAD_BYTES);
  }

  /** Everything up to a stage is written. By the owner of the slot only. */
  static void publish(ByteBuffer memory, int at, long sequence, int stage) {
    LONG.setRelease(memory, at, sequence << STAGE_BITS | stage);
  }

  // ---------------------------------------------------------------- reading

  /** The number after that of the last call so far. */
  long end() {
    return next;
  }

  /** The same, when every slot before it shows that it is claimed. */
  long settledEnd() {
    synchronized (claims) {
      return next;
    }
  }

  /**
   * Whether a number is claimed by a turn that has not ended, so that its call may still come.
   *
   * @param sequence one of the latest, before {@link #settledEnd}
   */
  boolean isOpen(long sequence) {
    return (byte) BYTE.getAcquire(owned, (int) (sequence % slots)) == OPEN;
  }

  /** The first word of the slot where a call with this number is, was or will be. */
  private long word(long sequence) {
    int place = (int) (sequence % slots);
    ByteBuffer slab = slabs[place >>> SLAB_SHIFT];
    return slab == null ? 0 : (long) LONG.getAcquire(slab, (place & (SLAB_SLOTS - 1)) * HEAD_BYTES);
  }

  /** How far the call with this number has come; 0 if it has no slot here. */
  private int stageOf(long sequence) {
    long now = word(sequence);
    return now >>> STAGE_BITS == sequence ? (int) (now & STAGE_MASK) : 0;
  }

  /**
   * The number of the bundle in which a call may be that has no slot of its own; 0 if there is
   * none.
   */
  long homeOf(long sequence) {
    for (long home = sequence - 1; home > 0 && sequence - home < Bundle.MOST; home--) {
      if (stageOf(home) == BUNDLE) {
        return home;
      }
    }
    return 0;
  }

  /**
   * Copies a call.
   *
   * @param into of at least {@value #SLOT_BYTES} bytes, in the order of the machine
   * @return the stage whose fields are complete; {@link #CLAIMED} if there are none yet, 0 if the
   *     call is not here
   */
  int read(long sequence, ByteBuffer into) {
    int stage = stageOf(sequence);
    if (stage <= CLAIMED) {
      return stage;
    }
    int place = (int) (sequence % slots);
    ByteBuffer slab = slabs[place >>> SLAB_SHIFT];
    into.clear().put(0, slab, (place & (SLAB_SLOTS - 1)) * HEAD_BYTES, HEAD_BYTES);
    VarHandle.acquireFence(); // a bundle says which of its calls are there
    into.put(HEAD_BYTES, slab, tailOf(place), SLOT_BYTES - HEAD_BYTES);
    VarHandle.acquireFence();
    return stageOf(sequence) == 0 ? 0 : stage;
  }
}
