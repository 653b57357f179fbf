/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.facsim.array.FileHandle;
import org.facsim.services.calls.CallRecord;
import org.facsim.services.calls.Door;
import org.facsim.services.calls.VaaiCalls;
import org.facsim.services.journal.JournalEntry.Outcome;
import org.facsim.services.journal.JournalEntry.Transport;

/** Makes entries of slots. One reader at a time. */
final class SlotReader {
  /** What {@link #read} found. */
  enum Found {
    CALL,

    /** No call has this number here; it may have been left out. */
    NOTHING,

    /** The call was overwritten, or a text of it was. */
    OVERWRITTEN
  }

  private static final Door[] DOORS = Door.values();
  private static final byte[] NONE = {};
  private static final int STATUS_REPLY_BYTES = 28;
  private static final int RPC_VERSION = 2;

  /** What a call has before its credential: RFC 5531 section 9. */
  static final int NUMBERS_BYTES = 24;

  private final CallRing ring;
  private final TextRing texts;
  private final CallNames names;
  private final WallClock wall;
  private final ByteBuffer slot =
      ByteBuffer.allocate(CallRing.SLOT_BYTES).order(ByteOrder.nativeOrder());
  private long sequence;
  private int stage;
  private long what;
  private int end;
  private boolean hasUser;
  private boolean lacksText;

  // What the fields refer to; read with the slot, so that nobody overwrites it in between.
  private Ends ends;

  /** Of a brief call, with its verifier, as it was sent; null of others. */
  private ByteBuffer credential;

  /** Of a brief call; null of others. */
  private ByteBuffer briefArguments;

  private String procedure;
  private String path;
  private String name;
  private String otherPath;
  private String otherName;
  private String fault;

  SlotReader(CallRing ring, TextRing texts, CallNames names, WallClock wall) {
    this.ring = ring;
    this.texts = texts;
    this.names = names;
    this.wall = wall;
  }

  /** Reads the call with a number; the other methods are about the call that was found. */
  Found read(long number) {
    sequence = number;
    stage = ring.read(number, slot);
    int index = stage == 0 ? inBundle(number) : 0;
    if (stage == CallRing.BUNDLE && !Bundle.has(slot, index)) {
      return Found.NOTHING;
    }
    if (stage <= CallRing.CLAIMED) {
      return number < ring.end() - ring.kept() ? Found.OVERWRITTEN : Found.NOTHING;
    }
    lacksText = false;
    briefArguments = stage == CallRing.BUNDLE ? Bundle.expand(slot, index) : null;
    stage = stage == CallRing.BUNDLE ? CallRing.ENDED : stage;
    what = slot.getLong(CallRing.WHAT);
    int brought = stage < CallRing.OPERATION ? 0 : slot.getShort(CallRing.BROUGHT);
    end = stage < CallRing.ANSWERED ? 0 : slot.getShort(CallRing.END);
    byte[] endsText = bytes(CallRing.ENDS);
    ends = Ends.decode(endsText);
    credential = Ends.behind(endsText);
    procedure =
        program() == 0 || door() == Door.OPENSDS
            ? text(CallRing.PROCEDURE_NAME)
            : nameOfProcedure();
    path = (brought & SlotWriter.PATH) == 0 ? "" : path();
    name = (brought & SlotWriter.NAME) == 0 ? "" : text(CallRing.NAME);
    otherPath = (brought & SlotWriter.OTHER_PATH) == 0 ? "" : text(CallRing.OTHER_PATH);
    otherName = (brought & SlotWriter.OTHER_NAME) == 0 ? "" : text(CallRing.OTHER_NAME);
    fault = stage == CallRing.ENDED && has(SlotWriter.FAULT) ? text(CallRing.FAULT) : "";
    hasUser = (brought & SlotWriter.USER) != 0;
    return lacksText || ends == null ? Found.OVERWRITTEN : Found.CALL;
  }

  /** Reads the bundle that has a call. Returns where in it. */
  private int inBundle(long number) {
    long home = ring.homeOf(number);
    int index = (int) (number - home);
    if (home != 0 && ring.read(home, slot) == CallRing.BUNDLE && Bundle.has(slot, index)) {
      stage = CallRing.BUNDLE;
    }
    return index;
  }

  private byte[] bytes(int field) {
    long reference = slot.getLong(field);
    byte[] found = reference == 0 ? NONE : texts.get(reference);
    lacksText |= found == null;
    return found;
  }

  private String text(int field) {
    byte[] found = bytes(field);
    return found == null ? "" : new String(found, UTF_8);
  }

  /** Takes the handle that stands in front of the path of a brief call. */
  private String path() {
    if (briefArguments == null) {
      return text(CallRing.PATH);
    }
    byte[] found = bytes(CallRing.PATH);
    if (found == null) {
      return "";
    }
    briefArguments.put(Integer.BYTES, found, 0, FileHandle.SIZE_BYTES);
    int begin = FileHandle.SIZE_BYTES;
    return new String(found, begin, found.length - begin, UTF_8);
  }

  private Door door() {
    return DOORS[(int) what & 0xff];
  }

  private int program() {
    return (int) (what >>> CallRing.PROGRAM_SHIFT);
  }

  private int version() {
    return (int) (what >>> CallRing.VERSION_SHIFT) & 0xff;
  }

  private int procedureNumber() {
    return (int) (what >>> CallRing.PROCEDURE_SHIFT) & 0xffff;
  }

  private String nameOfProcedure() {
    return names.procedure(program(), version(), procedureNumber());
  }

  /**
   * The entry.
   *
   * @param withArguments whether they are wanted, which costs time
   */
  JournalEntry entry(boolean withArguments) {
    Door door = door();
    Outcome outcome = outcome();
    boolean hasAnswer = has(SlotWriter.HAS_STATUS);
    boolean isOver = stage == CallRing.ENDED || hasAnswer;
    String whole = joined(path, name);
    return new JournalEntry(
        sequence,
        Instant.ofEpochSecond(0, wallNanos()),
        door,
        ends.client(),
        ends.server(),
        ends.connection(),
        ends.transport(),
        procedure,
        program() & 0xffff_ffffL,
        version(),
        (int) slot.getLong(CallRing.ASKED),
        volumeOf(whole),
        whole,
        joined(otherPath, otherName),
        withArguments ? arguments(door) : "",
        hasUser ? (Long) (slot.getLong(CallRing.USER) & 0xffff_ffffL) : null,
        hasUser ? (Long) (slot.getLong(CallRing.USER) >>> Integer.SIZE) : null,
        Integer.toUnsignedLong(requestBytes()),
        hasAnswer ? slot.getLong(CallRing.ANSWER) >>> Integer.SIZE : 0,
        outcome,
        hasAnswer ? status(door) : "",
        isOver ? Duration.ofNanos(slot.getLong(CallRing.DURATION)) : null,
        fault.isEmpty() ? List.of() : List.of(fault.split("\n", -1)));
  }

  private boolean has(int flag) {
    return (end & flag) != 0;
  }

  private Outcome outcome() {
    if (stage < CallRing.ENDED) {
      return Outcome.UNDER_WAY;
    } else if (!has(SlotWriter.HAS_STATUS)) {
      return Outcome.NOT_ANSWERED;
    } else if (has(SlotWriter.REPLY_LOST)) {
      return Outcome.REPLY_LOST;
    }
    return has(SlotWriter.FROM_MEMORY) ? Outcome.ANSWERED_FROM_MEMORY : Outcome.ANSWERED;
  }

  private String status(Door door) {
    return has(SlotWriter.REFUSED)
        ? names.refusal(reply())
        : names.status(door, procedure, slot.getLong(CallRing.ANSWER) & 0xffff_ffffL);
  }

  private String arguments(Door door) {
    return names.arguments(door, version(), procedureNumber(), request()).orElse("");
  }

  /**
   * What a MOUNT brings is a whole path, and what HTTP's management brings is the name of a state;
   * VAAI brings a path below its export, which may begin with a slash.
   */
  private String joined(String directory, String entry) {
    Door door = door();
    if (entry.isEmpty() || (door == Door.HTTP && !VaaiCalls.isVaai(door, procedure))) {
      return directory;
    } else if (door == Door.MOUNT && entry.startsWith("/")) {
      return entry;
    }
    return directory.isEmpty() ? "" : directory + (entry.startsWith("/") ? entry : "/" + entry);
  }

  private static String volumeOf(String path) {
    int end = path.indexOf('/', 1);
    return path.isEmpty() ? "" : path.substring(1, end < 0 ? path.length() : end);
  }

  /** When the call arrived, in nanoseconds since 1970. */
  long wallNanos() {
    return wall.nanosSince1970(slot.getLong(CallRing.RECEIVED_NANOS));
  }

  /** When it was answered. */
  long answeredWallNanos() {
    return wallNanos() + slot.getLong(CallRing.DURATION);
  }

  /** Whether an answer left. */
  boolean wasSent() {
    return stage == CallRing.ENDED && has(SlotWriter.HAS_STATUS) && !has(SlotWriter.REPLY_LOST);
  }

  Ends ends() {
    return ends;
  }

  int requestBytes() {
    return briefArguments == null
        ? (int) (slot.getLong(CallRing.ASKED) >>> Integer.SIZE)
        : NUMBERS_BYTES + credential.remaining() + briefArguments.capacity();
  }

  int replyBytes() {
    return (int) (slot.getLong(CallRing.ANSWER) >>> Integer.SIZE);
  }

  /** The first bytes of the request. */
  ByteBuffer request() {
    return briefArguments == null
        ? slot.slice(CallRing.REQUEST, slot.getShort(CallRing.REQUEST_KEPT))
        : briefRequest();
  }

  /** The whole request of a brief call, made again of its numbers, credential and arguments. */
  private ByteBuffer briefRequest() {
    return ByteBuffer.allocate(requestBytes())
        .putInt((int) slot.getLong(CallRing.ASKED))
        .putInt(0) // CALL
        .putInt(RPC_VERSION)
        .putInt(program())
        .putInt(version())
        .putInt(procedureNumber())
        .put(credential.duplicate())
        .put(briefArguments.duplicate())
        .flip();
  }

  /** The first bytes of the reply; none without one. */
  ByteBuffer reply() {
    if (!has(SlotWriter.HAS_STATUS)) {
      return ByteBuffer.wrap(NONE);
    }
    int kept = slot.getShort(CallRing.REPLY_KEPT);
    return kept == 0 && replyBytes() >= STATUS_REPLY_BYTES
        ? statusReply()
        : slot.slice(CallRing.REPLY, kept);
  }

  /**
   * The first bytes of results that begin with a status, which {@link CallRecord#copyReply} leaves
   * out because everything in them is known: RFC 5531 section 9.
   */
  private ByteBuffer statusReply() {
    return ByteBuffer.allocate(STATUS_REPLY_BYTES)
        .putInt((int) slot.getLong(CallRing.ASKED))
        .putInt(1) // REPLY
        .putInt(0) // MSG_ACCEPTED
        .putLong(0) // an empty verifier
        .putInt(0) // SUCCESS
        .putInt((int) slot.getLong(CallRing.ANSWER))
        .flip();
  }

  /** The two ends of a call, as a text of the journal. */
  record Ends(
      InetSocketAddress client, InetSocketAddress server, long connection, Transport transport) {
    private static final List<Transport> TRANSPORTS = List.of(Transport.values());

    byte[] encode() {
      byte[] from = client.getAddress().getAddress();
      byte[] to = server == null ? NONE : server.getAddress().getAddress();
      ByteBuffer out = ByteBuffer.allocate(15 + from.length + to.length);
      out.put((byte) TRANSPORTS.indexOf(transport)).putLong(connection);
      out.put((byte) from.length).put(from).putShort((short) client.getPort());
      out.put((byte) to.length).put(to).putShort((short) (server == null ? 0 : server.getPort()));
      return out.array();
    }

    /** Null if it is none. */
    static Ends decode(byte[] text) {
      return text == null || text.length == 0 ? null : read(ByteBuffer.wrap(text));
    }

    /** What follows the ends in a text. */
    static ByteBuffer behind(byte[] text) {
      ByteBuffer in = ByteBuffer.wrap(text == null ? NONE : text);
      if (in.hasRemaining()) {
        var unused = read(in);
      }
      return in.slice();
    }

    private static Ends read(ByteBuffer in) {
      Transport transport = TRANSPORTS.get(in.get());
      long connection = in.getLong();
      return new Ends(address(in), address(in), connection, transport);
    }

    private static InetSocketAddress address(ByteBuffer in) {
      byte[] bytes = new byte[in.get()];
      in.get(bytes);
      int port = in.getShort() & 0xffff;
      try {
        return bytes.length == 0
            ? null
            : new InetSocketAddress(InetAddress.getByAddress(bytes), port);
      } catch (UnknownHostException e) {
        throw new IllegalStateException("an address of " + bytes.length + " bytes", e);
      }
    }
  }
}
