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
 *         76  kept         short bytes of the request that are here; {@link #BRIEF} and those of
 *                                the arguments
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
 * <p><b>A brief call</b> names nothing but a handle, and was answered at once. It is written at its
 * end, in one line of the cache: {@link BriefCall}. What it lacks is made again from its numbers,
 * from its credential, and from its file's handle, which are texts that many calls share.
 *
 * <p><b>Claiming.</b> Whoever records calls claims the next slots, for one call or for those that
 * one read brought, and so owns each of them until its call has ended; any thread may. The slot of
 * a call that has not ended is never claimed but passed over: so nobody but its owner writes to a
 * slot, and a call under way stays in the journal however long it takes. Its sequence number is
 * then left out, and so are those that were claimed and not used.
 *
 * <p><b>Reading</b> takes no lock. Each stage is published by a release when its fields are
 * written, and fields of one stage are not changed in a later one. A reader copies the slot, looks
 * at the sequence again, and believes only the fields of the stages that it had seen.
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

  /** A {@link BriefCall}, which has ended. */
  static final int BRIEF = 6;

  /** Claimed, and not used. */
  private static final int LEFT_OUT = 7;

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

  private final int slots;
  private final ByteBuffer[] slabs;

  /** Calls that one claim serves at most. */
  private static final int MAX_CLAIM = 32;

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
   * @param slots the most calls that are kept
   * @param first the number of the first call
   */
  CallRing(int slots, long first) {
    this.slots = slots;
    next = first;
    lapBegin = first - first % slots;
    slabs = new ByteBuffer[(slots + SLAB_SLOTS - 1) >>> SLAB_SHIFT];
  }

  int slots() {
    return slots;
  }

  /** What a ring of this size takes, at most. */
  static long bytesFor(int slots) {
    return (long) slots * SLOT_BYTES;
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
   * @param turn gets the numbers behind the first one; null if only one call is expected
   * @return the first sequence number, or 0 if there is none to claim
   */
  long claim(int expected, CallTurn turn) {
    synchronized (claims) {
      long first = next;
      int passed = 0;
      while (passed < MAX_PASSED_OVER && !isFree(first)) {
        if (memory(first) == null) {
          passed = MAX_PASSED_OVER;
        } else {
          passed++;
          first++;
        }
      }
      if (passed == MAX_PASSED_OVER) {
        unrecorded.incrementAndGet();
        return 0;
      }
      long end = first + 1;
      long most = first + Math.min(expected, Math.min(MAX_CLAIM, slots));
      while (end < most && isFree(end)) {
        end++;
      }
      next = end; // before the slots change: who misses a call sees that it may be overwritten
      for (long each = first; each < end; each++) {
        mark(each, CLAIMED);
      }
      VarHandle.fullFence(); // and what is written to the slots comes behind that
      if (end > first + 1) {
        turn.setAside(this, first + 1, end);
      }
      return first;
    }
  }

  /** Whether the slot for a number is there, and its call has ended. */
  private boolean isFree(long sequence) {
    int place = placeOf(sequence);
    ByteBuffer slab = slabs[place >>> SLAB_SHIFT];
    if (slab == null) {
      slab = newSlab(place >>> SLAB_SHIFT);
      if (slab == null) {
        return false;
      }
    }
    long now = (long) LONG.getAcquire(slab, (place & (SLAB_SLOTS - 1)) * HEAD_BYTES);
    return switch ((int) (now & STAGE_MASK)) {
      case CLAIMED, RECEIVED, OPERATION, ANSWERED -> false;
      default -> true;
    };
  }

  private void mark(long sequence, int stage) {
    publish(memory(sequence), at(sequence), sequence, stage);
  }

  /** Numbers that were claimed are not used. */
  @Override
  public void takeBack(long first, long beyond) {
    for (long each = first; each < beyond; each++) {
      mark(each, LEFT_OUT);
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

  /** Whether a number is claimed, and nothing is known of its call so far. */
  boolean isOpen(long sequence) {
    return stageOf(sequence) == CLAIMED;
  }

  /** The first word of the slot where a call with this number is, was or will be. */
  private long word(long sequence) {
    int place = (int) (sequence % slots);
    ByteBuffer slab = slabs[place >>> SLAB_SHIFT];
    return slab == null ? 0 : (long) LONG.getAcquire(slab, (place & (SLAB_SLOTS - 1)) * HEAD_BYTES);
  }

  /** How far the call with this number has come; 0 if it is not here. */
  private int stageOf(long sequence) {
    long now = word(sequence);
    int stage = (int) (now & STAGE_MASK);
    return now >>> STAGE_BITS == sequence && stage != LEFT_OUT ? stage : 0;
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
    if (stage != BRIEF) {
      into.put(HEAD_BYTES, slab, tailOf(place), SLOT_BYTES - HEAD_BYTES);
    }
    VarHandle.acquireFence();
    return stageOf(sequence) == 0 ? 0 : stage;
  }
}
