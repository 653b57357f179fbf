/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.nio.ByteBuffer;
import org.facsim.array.Caller;
import org.facsim.array.FileHandle;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Departure;

/**
 * A call in one line of the cache: one that names nothing but a handle, was granted its file, and
 * was answered at once, with nothing to keep of the answer but its status. GETATTR and ACCESS are
 * most of what hosts send.
 *
 * <pre>
 *   byte   0  stage        see {@link CallRing}
 *          8  received     long  nanoseconds of {@link System#nanoTime}
 *         16  ends         long  text: the connection, and the credential's bytes
 *         24  file         long  text: the handle, {@value FileHandle#SIZE_BYTES} bytes, and the path
 *         32  user         long  gid (32..), uid
 *         40  answer       long  the door's word (32..), xid
 *         48  what         long  duration in nanoseconds (32..), size of the answer (16..),
 *                                procedure (8..), version (4..), door
 *         56  arguments    long  the word behind the handle (32..), whether there is one (31),
 *                                program
 * </pre>
 */
final class BriefCall {
  private static final int RECEIVED_NANOS = CallRing.RECEIVED_NANOS;
  private static final int ENDS = CallRing.ENDS;
  private static final int FILE = 24;
  private static final int USER = 32;
  private static final int ANSWER = 40;
  private static final int WHAT = 48;
  private static final int ARGUMENTS = 56;

  private static final long WORD = 0xffff_ffffL;
  private static final long HAS_WORD = 1L << 31;
  private static final int DURATION_SHIFT = 32;
  private static final int REPLY_SHIFT = 16;
  private static final int PROCEDURE_SHIFT = 8;
  private static final int VERSION_SHIFT = 4;

  /** The length of the handle, and the handle: RFC 1813 section 2.3.3. */
  private static final int HANDLE_BYTES = Integer.BYTES + FileHandle.SIZE_BYTES;

  private BriefCall() {}

  /** Whether a call that has ended can be written so. */
  static boolean is(CallRecord call) {
    int argumentBytes;
    return call.briefCredential() != null
        && call.fileOrNull() != null
        && call.callerOrNull() != null
        && call.otherFileOrNull() == null
        && call.nameOrNull() == null
        && ((argumentBytes = call.argumentBytes()) == HANDLE_BYTES
            || argumentBytes == HANDLE_BYTES + Integer.BYTES)
        && call.statusOfAnswer() != Departure.REFUSED
        && !call.isFromMemory()
        && (call.replyBytes() | call.procedure() << PROCEDURE_SHIFT) >>> REPLY_SHIFT == 0
        && call.version() >>> VERSION_SHIFT == 0
        && call.program() >= 0
        && call.durationNanos() >>> DURATION_SHIFT == 0;
  }

  /**
   * Writes a call, all but its stage.
   *
   * @param ends the text of its ends and credential
   * @param file the text of its file
   */
  @SuppressWarnings("EnumOrdinal") // read back in this process only
  static void write(ByteBuffer memory, int at, CallRecord call, long ends, long file) {
    Caller caller = call.callerOrNull();
    memory.putLong(at + RECEIVED_NANOS, call.receivedNanos());
    memory.putLong(at + ENDS, ends);
    memory.putLong(at + FILE, file);
    memory.putLong(at + USER, caller.gid() << Integer.SIZE | (caller.uid() & WORD));
    memory.putLong(at + ANSWER, call.statusOfAnswer() << Integer.SIZE | (call.xid() & WORD));
    memory.putLong(
        at + WHAT,
        call.durationNanos() << DURATION_SHIFT
            | call.replyBytes() << REPLY_SHIFT
            | (long) call.procedure() << PROCEDURE_SHIFT
            | (long) call.version() << VERSION_SHIFT
            | call.door().ordinal());
    memory.putLong(
        at + ARGUMENTS,
        call.argumentBytes() == HANDLE_BYTES
            ? call.program()
            : (long) call.argumentWord(HANDLE_BYTES) << Integer.SIZE | HAS_WORD | call.program());
  }

  /**
   * Puts the fields of a call that was read where those of all others are. The request's size
   * remains 0.
   *
   * @return the arguments but for the handle's bytes, which are to be put behind the first word
   */
  static ByteBuffer expand(ByteBuffer slot) {
    long file = slot.getLong(FILE);
    long user = slot.getLong(USER);
    long answer = slot.getLong(ANSWER);
    long what = slot.getLong(WHAT);
    long arguments = slot.getLong(ARGUMENTS);
    slot.putLong(CallRing.ASKED, answer & WORD);
    slot.putLong(
        CallRing.WHAT,
        (arguments & (HAS_WORD - 1)) << CallRing.PROGRAM_SHIFT
            | (what >>> PROCEDURE_SHIFT & 0xff) << CallRing.PROCEDURE_SHIFT
            | (what >>> VERSION_SHIFT & 0xf) << CallRing.VERSION_SHIFT
            | (what & 0xf));
    slot.putLong(CallRing.PATH, file);
    slot.putLong(CallRing.USER, user);
    slot.putLong(CallRing.DURATION, what >>> DURATION_SHIFT);
    slot.putLong(
        CallRing.ANSWER, (what >>> REPLY_SHIFT & 0xffff) << Integer.SIZE | answer >>> Integer.SIZE);
    slot.putShort(CallRing.BROUGHT, (short) (SlotWriter.PATH | SlotWriter.USER));
    slot.putShort(CallRing.END, (short) SlotWriter.HAS_STATUS);
    slot.putShort(CallRing.REQUEST_KEPT, (short) 0);
    slot.putShort(CallRing.REPLY_KEPT, (short) 0);
    boolean hasWord = (arguments & HAS_WORD) != 0;
    ByteBuffer bytes = ByteBuffer.allocate(HANDLE_BYTES + (hasWord ? Integer.BYTES : 0));
    bytes.putInt(0, FileHandle.SIZE_BYTES);
    if (hasWord) {
      bytes.putInt(HANDLE_BYTES, (int) (arguments >>> Integer.SIZE));
    }
    return bytes;
  }
}
