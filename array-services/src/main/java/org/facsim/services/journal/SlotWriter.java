/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.function.LongSupplier;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.services.calls.ArrivalVerdict;
import org.facsim.services.calls.CallInterceptor;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.CallTurn;
import org.facsim.services.calls.Departure;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.OperationVerdict;
import org.facsim.services.calls.ReplyVerdict;
import org.facsim.services.journal.JournalEntry.Transport;

/**
 * The journal's link of the call chain: writes each call into a slot of a {@link CallRing}, point
 * by point.
 *
 * <p>It makes no object for a call whose file, connection and procedure were met shortly before:
 * small tables remember where their texts are. A path is remembered as long as no name of its
 * volume goes or leads elsewhere ({@link org.facsim.array.VolumeNames#changes}); so an entry has
 * the path that its file had when the call was about to be performed. Tables are written by several
 * threads without a lock; what stands in them is immutable, so the worst is a text that is found
 * again.
 */
final class SlotWriter implements CallInterceptor {
  // What the operation point brought.
  static final int PATH = 1;
  static final int USER = 2;
  static final int NAME = 4;
  static final int OTHER_PATH = 8;
  static final int OTHER_NAME = 16;

  // How a call ended.
  static final int HAS_STATUS = 1;
  static final int FROM_MEMORY = 2;
  static final int REPLY_LOST = 4;
  static final int FAULT = 8;
  static final int REFUSED = 16;

  /** In the path of requests to the journal. */
  private static final String ASKING = " /api/v1/journal";

  private static final int FILES = 4096;
  private static final int CONNECTIONS = 256;
  private static final int PROCEDURES = 256;
  private static final long SCATTER = 0x9E37_79B9_7F4A_7C15L;

  private final CallRing ring;
  private final TextRing texts;
  private final LongSupplier nanoClock;
  private final FileNote[] files = new FileNote[FILES];
  private final FileNote[] withHandles = new FileNote[FILES];
  private final ObjectNote[] connections = new ObjectNote[CONNECTIONS];
  private final ObjectNote[] procedures = new ObjectNote[PROCEDURES];

  /**
   * @param nanoClock by which calls are timed
   */
  SlotWriter(CallRing ring, TextRing texts, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.ring = ring;
    this.texts = texts;
  }

  /** Where the path of a file is, as long as its volume's names have changed so often. */
  private record FileNote(int volumeId, long fileId, long changes, long reference) {}

  /** Where the text of something is. */
  private record ObjectNote(Object of, long reference) {}

  @Override
  public ArrivalVerdict received(CallRecord call) {
    long sequence = isOfTheJournal(call) ? 0 : claim(call);
    call.note(sequence);
    if (sequence != 0) {
      begin(call, sequence);
    }
    return ArrivalVerdict.SERVE;
  }

  private void begin(CallRecord call, long sequence) {
    ring.begin(sequence);
    ByteBuffer memory = ring.memory(sequence);
    int at = ring.at(sequence);
    memory.putLong(at + CallRing.RECEIVED_NANOS, call.receivedNanos());
    memory.putLong(
        at + CallRing.ASKED,
        (long) clamped(call.requestBytes()) << Integer.SIZE | (call.xid() & 0xffff_ffffL));
    memory.putLong(at + CallRing.WHAT, what(call));
    memory.putLong(at + CallRing.BROUGHT, 0); // and the three that follow
    memory.putLong(at + CallRing.ENDS, endsOf(call, call.client(), false));
    if (call.program() == 0 || call.door() == Door.OPENSDS) {
      memory.putLong(at + CallRing.PROCEDURE_NAME, procedureOf(call));
    }
    int kept = call.copyRequest(memory, ring.tail(sequence), CallRing.REQUEST_BYTES);
    memory.putShort(at + CallRing.REQUEST_KEPT, (short) kept);
    CallRing.publish(memory, at, sequence, CallRing.RECEIVED);
  }

  private long claim(CallRecord call) {
    CallTurn turn = call.turn();
    if (turn == null) {
      return ring.claim();
    }
    long sequence = turn.next(ring);
    return sequence == 0 ? ring.claim(call.callsAtHand(), turn) : sequence;
  }

  @Override
  public boolean hearsAtEnd() {
    return true;
  }

  @Override
  public boolean keepsNothing() {
    return true;
  }

  @Override
  public void heard(CallRecord call) {
    long sequence = claim(call);
    if (sequence == 0
        || (Bundle.isBrief(call) && bundleOf(call).write(ring, this, call, sequence))) {
      return;
    }
    call.note(sequence);
    begin(call, sequence);
    if (call.metOperation()) {
      operation(call);
    }
    answered(call);
    ended(call);
  }

  private Bundle bundleOf(CallRecord call) {
    CallTurn turn = call.turn();
    Bundle bundle = (Bundle) turn.note(ring);
    if (bundle == null) {
      bundle = new Bundle(nanoClock);
      turn.note(bundle);
    }
    return bundle;
  }

  /** Whoever asks a journal wants to know of other calls than these. */
  private static boolean isOfTheJournal(CallRecord call) {
    return call.door() == Door.HTTP && call.procedureName().contains(ASKING);
  }

  /** Numbers that do not fit are those of calls that no door serves. */
  @SuppressWarnings("EnumOrdinal") // read back in this process only
  private static long what(CallRecord call) {
    return (long) call.program() << CallRing.PROGRAM_SHIFT
        | (long) Math.min(call.procedure() & Integer.MAX_VALUE, 0xffff) << CallRing.PROCEDURE_SHIFT
        | (long) Math.min(call.version() & Integer.MAX_VALUE, 0xff) << CallRing.VERSION_SHIFT
        | call.door().ordinal();
  }

  @Override
  public OperationVerdict operation(CallRecord call) {
    long sequence = call.noted();
    if (sequence == 0) {
      return OperationVerdict.PERFORM;
    }
    ByteBuffer memory = ring.memory(sequence);
    int at = ring.at(sequence);
    int brought = 0;
    Inode file = call.fileOrNull();
    if (file != null) {
      memory.putLong(at + CallRing.PATH, pathOf(file));
      brought = PATH;
    }
    Caller caller = call.callerOrNull();
    if (caller != null) {
      memory.putLong(
          at + CallRing.USER, caller.gid() << Integer.SIZE | (caller.uid() & 0xffff_ffffL));
      brought |= USER;
    }
    if (call.nameOrNull() != null) {
      memory.putLong(at + CallRing.NAME, textOf(call.nameOrNull()));
      brought |= NAME;
    }
    if (call.otherFileOrNull() != null) {
      memory.putLong(at + CallRing.OTHER_PATH, pathOf(call.otherFileOrNull()));
      brought |= OTHER_PATH;
    }
    if (call.otherNameOrNull() != null) {
      memory.putLong(at + CallRing.OTHER_NAME, textOf(call.otherNameOrNull()));
      brought |= OTHER_NAME;
    }
    memory.putShort(at + CallRing.BROUGHT, (short) brought);
    CallRing.publish(memory, at, sequence, CallRing.OPERATION);
    return OperationVerdict.PERFORM;
  }

  @Override
  public ReplyVerdict answered(CallRecord call) {
    long sequence = call.noted();
    if (sequence != 0) {
      ByteBuffer memory = ring.memory(sequence);
      int at = ring.at(sequence);
      long status = call.statusOfAnswer();
      memory.putLong(
          at + CallRing.ANSWER,
          (long) clamped(call.replyBytes()) << Integer.SIZE | (status & 0xffff_ffffL));
      memory.putLong(at + CallRing.DURATION, call.durationNanos());
      int kept =
          call.copyReply(
              memory, ring.tail(sequence) + CallRing.REQUEST_BYTES, CallRing.REPLY_BYTES);
      if (kept > 0) {
        memory.putShort(at + CallRing.REPLY_KEPT, (short) kept);
      }
      memory.putShort(
          at + CallRing.END,
          (short) (status == Departure.REFUSED ? HAS_STATUS | REFUSED : HAS_STATUS));
      CallRing.publish(memory, at, sequence, CallRing.ANSWERED);
    }
    return ReplyVerdict.SEND;
  }

  @Override
  public void ended(CallRecord call) {
    long sequence = call.noted();
    if (sequence == 0) {
      return;
    }
    ByteBuffer memory = ring.memory(sequence);
    int at = ring.at(sequence);
    int end = 0;
    if (call.isAnswered()) {
      end = memory.getShort(at + CallRing.END);
      end |= isLost(call.replyVerdict()) ? REPLY_LOST : 0;
    } else {
      memory.putLong(at + CallRing.DURATION, call.durationNanos());
    }
    if (call.isFromMemory()) {
      end |= FROM_MEMORY;
    }
    List<String> faults = call.faults();
    if (!faults.isEmpty()) {
      memory.putLong(at + CallRing.FAULT, textOf(String.join("\n", faults)));
      end |= FAULT;
    }
    memory.putShort(at + CallRing.END, (short) end);
    ring.ended(sequence);
  }

  private static boolean isLost(ReplyVerdict verdict) {
    return switch (verdict.kind()) {
      case NO_ANSWER, CLOSE, RESET -> true;
      case SEND, DELAY, TWICE, BEHIND -> false;
    };
  }

  private static int clamped(long bytes) {
    return (int) Math.min(bytes, Integer.MAX_VALUE);
  }

  private long textOf(String text) {
    return texts.add(text.getBytes(UTF_8));
  }

  /**
   * The connection's ends.
   *
   * @param of one object for each client, or for each credential of a connection
   * @param isBrief whether the bytes of the credential and its verifier follow
   */
  long endsOf(CallRecord call, Object of, boolean isBrief) {
    int place = System.identityHashCode(of) & (CONNECTIONS - 1);
    ObjectNote known = connections[place];
    if (known != null && known.of == of && texts.isFresh(known.reference)) {
      return known.reference;
    }
    Transport transport =
        call.program() == 0 ? Transport.HTTP : call.isDatagram() ? Transport.UDP : Transport.TCP;
    byte[] ends =
        new SlotReader.Ends(call.client(), call.server(), call.connection(), transport).encode();
    long reference = texts.add(isBrief ? withCredential(ends, call) : ends);
    connections[place] = new ObjectNote(of, reference);
    return reference;
  }

  private static byte[] withCredential(byte[] ends, CallRecord call) {
    ByteBuffer request = call.request();
    int end = request.remaining() - call.argumentBytes();
    byte[] both = Arrays.copyOf(ends, ends.length + end - SlotReader.NUMBERS_BYTES);
    request.get(SlotReader.NUMBERS_BYTES, both, ends.length, both.length - ends.length);
    return both;
  }

  private long procedureOf(CallRecord call) {
    String name = call.procedureName();
    int place = name.hashCode() & (PROCEDURES - 1);
    ObjectNote known = procedures[place];
    if (known != null && known.of.equals(name) && texts.isFresh(known.reference)) {
      return known.reference;
    }
    long reference = texts.add(name.getBytes(UTF_8));
    procedures[place] = new ObjectNote(name, reference);
    return reference;
  }

  private long pathOf(Inode file) {
    return textOf(files, file, false);
  }

  /** The handle of a file, and behind it its path if it has one. */
  long handleAndPathOf(Inode file) {
    return textOf(withHandles, file, true);
  }

  /** Whether a text may be referred to by further calls. */
  boolean isFresh(long reference) {
    return texts.isFresh(reference);
  }

  /**
   * Where the text of a file is: its path, behind its handle if that is wanted; 0 if it has
   * neither.
   */
  private long textOf(FileNote[] files, Inode file, boolean withHandle) {
    long fileId = file.fileId();
    int volumeId = file.volume().id();
    long changes = file.volume().names().changes();
    int place = (int) ((fileId * SCATTER + volumeId) >>> (Long.SIZE - 12));
    FileNote known = files[place];
    if (known != null
        && known.fileId == fileId
        && known.volumeId == volumeId
        && known.changes == changes
        && texts.isFresh(known.reference)) {
      return known.reference;
    }
    byte[] text = bytesOf(file, withHandle);
    long reference = text.length == 0 ? 0 : texts.add(text);
    files[place] = new FileNote(volumeId, fileId, changes, reference);
    return reference;
  }

  /** The path with its volume's name; nothing if the file has no name. */
  private static byte[] bytesOf(Inode file, boolean withHandle) {
    List<Name> names = file.volume().names().pathOf(file);
    ByteArrayOutputStream path = new ByteArrayOutputStream();
    if (withHandle) {
      path.writeBytes(file.handle().toBytes());
    }
    if (names == null) {
      return path.toByteArray();
    }
    path.write('/');
    path.writeBytes(file.volume().name().getBytes(UTF_8));
    for (Name name : names) {
      path.write('/');
      path.writeBytes(name.bytes());
    }
    return path.toByteArray();
  }
}
