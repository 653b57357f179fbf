/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Function;
import org.facsim.services.journal.JournalEntry.Transport;

/**
 * The calls of a journal as a file, piece by piece, so that nobody needs memory for all of it.
 * Calls that are overwritten before the export comes to them are left out. Not thread-safe.
 */
public final class JournalExport {
  /** A piece is about so long, or somewhat longer. */
  private static final int PIECE_BYTES = 64 << 10;

  /** Calls that one piece looks at, at most: so no piece takes long, however few calls match. */
  private static final int PIECE_CALLS = 1000;

  private final JournalScan scan;
  private final CallFilter filter;
  private final Form form;
  private long next;

  private JournalExport(JournalScan scan, CallFilter filter, Form form) {
    this.scan = scan;
    this.filter = filter;
    this.form = form;
    this.next = scan.begin();
  }

  /** How calls become bytes. */
  private interface Form {
    void call(JournalEntry call, SlotReader reader);

    void end();

    int size();

    byte[] take();
  }

  /**
   * The calls as packets, which Wireshark dissects: pcapng with a comment for each call, which says
   * its number, path, status and faults. Calls over HTTP are left out, because only the heads of
   * their requests are known; a comment of the interface's statistics, at the end, says how many.
   */
  static JournalExport pcapng(JournalScan scan, CallFilter filter) {
    return new JournalExport(scan, filter, new Packets());
  }

  /**
   * The calls one by one.
   *
   * @param line makes a line of a call, with its end
   */
  static JournalExport lines(
      JournalScan scan, CallFilter filter, Function<JournalEntry, byte[]> line) {
    return new JournalExport(scan, filter, new Lines(line));
  }

  /** The next piece, which may be empty; null at the end. */
  public byte[] next() {
    if (next > scan.end()) {
      return null;
    }
    long until = Math.min(scan.end(), next + PIECE_CALLS);
    for (; next < until && form.size() < PIECE_BYTES; next++) {
      if (scan.read(next)) {
        JournalEntry call = scan.reader().entry(false);
        if (filter.matches(call)) {
          form.call(scan.reader().entry(true), scan.reader());
        }
      }
    }
    if (next == scan.end()) {
      form.end();
      next++;
    }
    return form.take();
  }

  /** Whether no call that was asked for is missing so far. */
  public boolean isComplete() {
    return scan.isComplete();
  }

  private static final class Lines implements Form {
    private final Function<JournalEntry, byte[]> line;
    private final java.io.ByteArrayOutputStream out = new java.io.ByteArrayOutputStream();

    Lines(Function<JournalEntry, byte[]> line) {
      this.line = line;
    }

    @Override
    public void call(JournalEntry call, SlotReader reader) {
      out.writeBytes(line.apply(call));
    }

    @Override
    public void end() {}

    @Override
    public int size() {
      return out.size();
    }

    @Override
    public byte[] take() {
      byte[] taken = out.toByteArray();
      out.reset();
      return taken;
    }
  }

  /** Requests in the order of their arrival, and each reply in its time between them. */
  private static final class Packets implements Form {
    /** Replies that wait for the requests before them; beyond that the earliest leaves. */
    private static final int MAX_WAITING = 16_384;

    private final PcapngWriter out = new PcapngWriter();
    private final PacketMaker packets = new PacketMaker(out);
    private final PriorityQueue<Reply> waiting =
        new PriorityQueue<>(
            java.util.Comparator.comparingLong(Reply::nanos).thenComparingLong(Reply::sequence));

    @SuppressWarnings("ArrayRecordComponent") // nobody compares them
    private record Reply(
        long nanos,
        long sequence,
        SlotReader.Ends ends,
        byte[] kept,
        int recordBytes,
        String comment) {}

    private long leftOut;
    private long latestNanos;

    Packets() {
      out.begin();
    }

    @Override
    public void call(JournalEntry call, SlotReader reader) {
      SlotReader.Ends ends = reader.ends();
      long nanos = reader.wallNanos();
      latestNanos = nanos;
      if (ends.transport() == Transport.HTTP) {
        leftOut++;
        return;
      }
      while (!waiting.isEmpty()
          && (waiting.peek().nanos <= nanos || waiting.size() > MAX_WAITING)) {
        reply(waiting.remove());
      }
      packets.record(ends, true, nanos, reader.request(), reader.requestBytes(), comment(call));
      if (reader.wasSent()) {
        ByteBuffer kept = reader.reply();
        byte[] bytes = new byte[kept.remaining()];
        kept.get(0, bytes);
        waiting.add(
            new Reply(
                reader.answeredWallNanos(),
                call.sequence(),
                ends,
                bytes,
                reader.replyBytes(),
                "#" + call.sequence() + " " + call.status()));
      }
    }

    private void reply(Reply reply) {
      packets.record(
          reply.ends,
          false,
          reply.nanos,
          ByteBuffer.wrap(reply.kept),
          reply.recordBytes,
          reply.comment);
    }

    private static String comment(JournalEntry call) {
      List<String> parts = new ArrayList<>();
      parts.add("#" + call.sequence());
      if (!call.path().isEmpty()) {
        parts.add(call.path());
      }
      if (!call.otherPath().isEmpty()) {
        parts.add("to " + call.otherPath());
      }
      parts.add(call.status().isEmpty() ? call.outcome().name() : call.status());
      if (call.outcome() == JournalEntry.Outcome.REPLY_LOST) {
        parts.add("reply lost");
      }
      if (!call.faults().isEmpty()) {
        parts.add("fault " + String.join(", ", call.faults()));
      }
      return String.join(" ", parts);
    }

    @Override
    public void end() {
      while (!waiting.isEmpty()) {
        reply(waiting.remove());
      }
      if (leftOut > 0) {
        out.remark(latestNanos, leftOut + " calls over HTTP are left out");
      }
    }

    @Override
    public int size() {
      return out.size();
    }

    @Override
    public byte[] take() {
      return out.take();
    }
  }
}
