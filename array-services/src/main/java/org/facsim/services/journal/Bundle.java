/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;
import org.facsim.array.VolumeNames;
import org.facsim.services.calls.CallRecord;

/**
 * The brief calls of one turn of a connection, together in one slot: calls that name nothing but a
 * handle, were granted their file, and were answered at once and well, with nothing to keep of the
 * answer. GETATTR and ACCESS are most of what hosts send. What they have in common is written once;
 * each takes two words, so four of them are in one line of the cache.
 *
 * <pre>
 *   byte   0  stage        see {@link CallRing}; the sequence number is that of the first call
 *          8  received     long  nanoseconds of {@link System#nanoTime}
 *         16  ends         long  text: the connection, and the credential's bytes
 *         24  user         long  gid (32..), uid
 *         32  calls        int   a bit for each call that is here: the n-th behind the first
 *         36  turn         int   how long the turn took, in microseconds; 0 if less than {@value
 *                                #LONG_TURN_NANOS} ns
 *         40  what         long  program (32..), version (8..), door
 *         48  texts        long  to which the texts of the files are near
 *         56  answers      long  sizes: of calls with a word behind the handle (32..), of others
 *  64 (and the tail), for each call:
 *          0  xid (32..), text of the file (its lower half): the handle, and the path
 *          8  time since the first call in nanoseconds ({@value #TIME_BITS} bits), duration
 *             ({@value #TIME_BITS} bits), the word behind the handle ({@value #WORD_BITS} bits),
 *             procedure ({@value #PROCEDURE_BITS} bits), whether there is such a word
 * </pre>
 *
 * <p>Few of these calls are timed, and the duration of the others is 0. If their turn was long, it
 * is the duration of each: none took longer, and one that stood still is not missed.
 *
 * <p>What does not fit is written as any other call. A reader makes the slot of a single call of
 * it.
 */
final class Bundle {
  /** Calls in one bundle. */
  static final int MOST = 32;

  private static final int RECEIVED = 8;
  private static final int ENDS = 16;
  private static final int USER = 24;
  private static final int CALLS = 32;
  private static final int TURN = 36;
  private static final int WHAT = 40;
  private static final int TEXTS = 48;
  private static final int ANSWERS = 56;
  private static final int ENTRIES = 64;
  private static final int ENTRY_BYTES = 16;
  private static final int IN_HEAD = (CallRing.HEAD_BYTES - ENTRIES) / ENTRY_BYTES;

  private static final int TIME_BITS = 26;
  private static final int WORD_BITS = 6;
  private static final int PROCEDURE_BITS = 5;
  private static final int PROCEDURE_SHIFT = 1;
  private static final int WORD_SHIFT = PROCEDURE_SHIFT + PROCEDURE_BITS;
  private static final int DURATION_SHIFT = WORD_SHIFT + WORD_BITS;
  private static final int SINCE_SHIFT = DURATION_SHIFT + TIME_BITS;
  private static final long TIME_MASK = (1L << TIME_BITS) - 1;
  private static final long LOW = 0xffff_ffffL;

  /** The length of the handle, and the handle: RFC 1813 section 2.3.3. */
  private static final int HANDLE_BYTES = Integer.BYTES + FileHandle.SIZE_BYTES;

  private static final long LONG_TURN_NANOS = 1_000_000;
  private static final int MICRO = 1000;

  private final LongSupplier nanoClock;

  // Of the writer: the bundle that is open, and what its calls have in common.
  private long home;
  private ByteBuffer memory;
  private int at;
  private int tail;
  private int calls;
  private boolean isUntimed;
  private long receivedNanos;
  private Object credential;
  private Caller caller;
  private long textsNear;
  private long plainAnswer;
  private long wordAnswer;

  // Of the writer, beyond one turn: where the latest texts are.
  private Object endsOf;
  private long ends;
  private Inode file;
  private VolumeNames names;
  private long changes;
  private long fileText;

  /**
   * Without calls so far.
   *
   * @param nanoClock by which calls are timed
   */
  Bundle(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
  }

  // ---------------------------------------------------------------- writing

  /** Whether a call that was answered at once is brief; it may not fit all the same. */
  static boolean isBrief(CallRecord call) {
    return call.statusOfAnswer() == 0
        && call.briefCredential() != null
        && call.fileOrNull() != null
        && call.callerOrNull() != null
        && (call.argumentBytes() - HANDLE_BYTES) >>> 3 == 0
        && call.procedure() >>> PROCEDURE_BITS == 0
        && !call.isFromMemory();
  }

  /**
   * Writes a brief call.
   *
   * @param sequence a number of the turn
   * @return false if it does not fit; nothing is written then
   */
  boolean write(CallRing ring, SlotWriter by, CallRecord call, long sequence) {
    Object itsCredential = call.briefCredential();
    boolean hasWord = call.argumentBytes() != HANDLE_BYTES;
    int word = hasWord ? call.argumentWord(HANDLE_BYTES) : 0;
    long duration = call.durationNanos();
    if (word >>> WORD_BITS != 0
        || duration >>> TIME_BITS != 0
        || call.replyBytes() >>> Integer.SIZE != 0) {
      return false;
    }
    long since = call.receivedNanos() - receivedNanos;
    long text = textOf(by, call.fileOrNull());
    if (!call.turn().holds(home)
        || sequence - home >= MOST
        || credential != itsCredential
        || since >>> TIME_BITS != 0
        || !hasAnswer(hasWord, call.replyBytes())
        || !isOf(call.callerOrNull())) {
      open(ring, by, call, itsCredential, sequence);
      since = 0;
    }
    if ((hasWord ? wordAnswer : plainAnswer) < 0) {
      setAnswer(hasWord, call.replyBytes());
    }
    int index = (int) (sequence - home);
    int entry = (index < IN_HEAD ? at + ENTRIES : tail) + index * ENTRY_BYTES;
    memory.putLong(entry, (long) call.xid() << Integer.SIZE | (text & LOW));
    memory.putLong(
        entry + Long.BYTES,
        since << SINCE_SHIFT
            | duration << DURATION_SHIFT
            | (long) word << WORD_SHIFT
            | (long) call.procedure() << PROCEDURE_SHIFT
            | (hasWord ? 1 : 0));
    calls |= 1 << index;
    isUntimed |= duration == 0;
    VarHandle.releaseFence();
    memory.putInt(at + CALLS, calls);
    return true;
  }

  /** No further call of the turn comes. */
  void turnEnds() {
    if (isUntimed) {
      isUntimed = false;
      long nanos = nanoClock.getAsLong() - receivedNanos;
      if (nanos >= LONG_TURN_NANOS) {
        memory.putInt(at + TURN, (int) Math.min(nanos / MICRO, Integer.MAX_VALUE));
      }
    }
  }

  private boolean hasAnswer(boolean hasWord, long bytes) {
    long known = hasWord ? wordAnswer : plainAnswer;
    return known == bytes || known < 0;
  }

  private void setAnswer(boolean hasWord, long bytes) {
    if (hasWord) {
      wordAnswer = bytes;
    } else {
      plainAnswer = bytes;
    }
    memory.putLong(
        at + ANSWERS, Math.max(0, wordAnswer) << Integer.SIZE | Math.max(0, plainAnswer));
  }

  @SuppressWarnings("ReferenceEquality") // nearly always the same one
  private boolean isOf(Caller asked) {
    return asked == caller || (asked.uid() == caller.uid() && asked.gid() == caller.gid());
  }

  @SuppressWarnings("EnumOrdinal") // read back in this process only
  private void open(
      CallRing ring, SlotWriter by, CallRecord call, Object newCredential, long sequence) {
    home = sequence;
    memory = ring.memory(sequence);
    at = ring.at(sequence);
    tail = ring.tail(sequence) - IN_HEAD * ENTRY_BYTES;
    calls = 0;
    isUntimed = false;
    receivedNanos = call.receivedNanos();
    credential = newCredential;
    caller = call.callerOrNull();
    textsNear = fileText;
    plainAnswer = -1;
    wordAnswer = plainAnswer;
    if (endsOf != newCredential || !by.isFresh(ends)) {
      endsOf = newCredential;
      ends = by.endsOf(call, newCredential, true);
    }
    ring.mark(sequence);
    memory.putLong(at + RECEIVED, receivedNanos);
    memory.putLong(at + ENDS, ends);
    memory.putLong(at + USER, caller.gid() << Integer.SIZE | (caller.uid() & LOW));
    memory.putLong(at + CALLS, 0); // and the length of the turn
    memory.putLong(
        at + WHAT,
        (long) call.program() << Integer.SIZE
            | (long) (call.version() & 0xff) << Byte.SIZE
            | call.door().ordinal());
    memory.putLong(at + TEXTS, textsNear);
    CallRing.publish(memory, at, sequence, CallRing.BUNDLE);
  }

  /** Asks for a path only if the file is another one, or names of its volume have changed. */
  private long textOf(SlotWriter by, Inode asked) {
    if (file != asked) {
      file = asked;
      names = asked.volume().names();
      fileText = 0;
    }
    long now = names.changes();
    if (changes != now || !by.isFresh(fileText)) {
      fileText = by.handleAndPathOf(asked);
      changes = now;
    }
    return fileText;
  }

  // ---------------------------------------------------------------- reading

  /** Whether a slot that was read has the call that is so many behind its first one. */
  static boolean has(ByteBuffer slot, int index) {
    return index < MOST && (slot.getInt(CALLS) >>> index & 1) != 0;
  }

  /**
   * Makes the slot of a single call of one that was read. The request's size remains 0.
   *
   * @param index of the call, behind the first one
   * @return its arguments but for the handle's bytes, which belong behind the first word
   */
  static ByteBuffer expand(ByteBuffer slot, int index) {
    int entry = ENTRIES + index * ENTRY_BYTES;
    long names = slot.getLong(entry);
    long rest = slot.getLong(entry + Long.BYTES);
    long receivedNanos = slot.getLong(RECEIVED);
    long ends = slot.getLong(ENDS);
    long user = slot.getLong(USER);
    long what = slot.getLong(WHAT);
    long near = slot.getLong(TEXTS);
    long answers = slot.getLong(ANSWERS);
    boolean hasWord = (rest & 1) != 0;
    long duration = rest >>> DURATION_SHIFT & TIME_MASK;
    long turnNanos = (long) slot.getInt(TURN) * MICRO;
    slot.putLong(CallRing.RECEIVED_NANOS, receivedNanos + (rest >>> SINCE_SHIFT));
    slot.putLong(CallRing.ENDS, ends);
    slot.putLong(CallRing.ASKED, names >>> Integer.SIZE);
    slot.putLong(
        CallRing.WHAT,
        what | (rest >>> PROCEDURE_SHIFT & (1 << PROCEDURE_BITS) - 1) << CallRing.PROCEDURE_SHIFT);
    slot.putLong(CallRing.PATH, near + ((int) names - (int) near));
    slot.putLong(CallRing.USER, user);
    slot.putLong(CallRing.DURATION, duration == 0 ? turnNanos : duration);
    slot.putLong(
        CallRing.ANSWER, (hasWord ? answers >>> Integer.SIZE : answers & LOW) << Integer.SIZE);
    slot.putShort(CallRing.BROUGHT, (short) (SlotWriter.PATH | SlotWriter.USER));
    slot.putShort(CallRing.END, (short) SlotWriter.HAS_STATUS);
    slot.putShort(CallRing.REQUEST_KEPT, (short) 0);
    slot.putShort(CallRing.REPLY_KEPT, (short) 0);
    ByteBuffer bytes = ByteBuffer.allocate(HANDLE_BYTES + (hasWord ? Integer.BYTES : 0));
    bytes.putInt(0, FileHandle.SIZE_BYTES);
    if (hasWord) {
      bytes.putInt(HANDLE_BYTES, (int) (rest >>> WORD_SHIFT) & (1 << WORD_BITS) - 1);
    }
    return bytes;
  }
}
