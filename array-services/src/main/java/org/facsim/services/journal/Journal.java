/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.journal;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.services.calls.Calls;

/**
 * The latest calls of all doors of an array, to be asked, verified, exported and followed while the
 * array runs.
 *
 * <p>It is the last link of the call chain, so that it knows which fault was applied. What it keeps
 * lies outside the heap and is bounded: when it is full, a new call takes the place of the oldest
 * one. Numbers grow with every call and are never used again in one run.
 *
 * <pre>{@code
 * journal.verify(calls().procedure("WRITE").path("/ds/vm/x-flat.vmdk"), exactly(0));
 * journal.between(calls().procedure("CLONE"), calls().procedure("CLONE_STATUS"))
 *     .verify(calls().procedure("WRITE"), exactly(0));
 * }</pre>
 *
 * <p>Thread-safe. Reading takes no lock and slows no call down.
 */
public final class Journal implements AutoCloseable {
  /** A size that serves most tests: with its texts 61 MiB when it is full. */
  public static final int DEFAULT_ENTRIES = 100_000;

  /** The fewest and the most calls that a journal that is on keeps. */
  public static final int MIN_ENTRIES = 100;

  public static final int MAX_ENTRIES = 2_000_000;

  /** Calls in one page. */
  public static final int MAX_PAGE = 10_000;

  private static final int TEXT_BYTES_PER_ENTRY = 64;
  private static final int MIN_TEXT_BYTES = 1 << 20;

  private final Calls calls;
  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final CallNames names;
  private final MemoryBooking memory;
  private final Supplier<List<String>> volumes;

  /** Null while the journal is off. Replaced under this. */
  private volatile Recording recording;

  /** What the recording may take of direct memory. */
  private long bookedBytes;

  /** The number that the next recording begins with. */
  private long nextSequence = 1;

  /** What belongs to one size of the journal. */
  record Recording(
      CallRing ring, TextRing texts, WallClock wall, long first, Calls.Installed link) {}

  /** Where the journal books the direct memory that it takes while it is on. */
  public interface MemoryBooking {
    /** As much as is asked for. */
    MemoryBooking UNLIMITED =
        new MemoryBooking() {
          @Override
          public boolean tryTake(long bytes) {
            return true;
          }

          @Override
          public void giveBack(long bytes) {}
        };

    /** Books memory. Returns false, and books nothing, if there is not so much. */
    boolean tryTake(long bytes);

    /** Gives back what was booked, when its buffers are not used any more. */
    void giveBack(long bytes);
  }

  /**
   * A journal that is off.
   *
   * @param volumes the names of those that are there; empty if they are not known, so that any will
   *     do
   */
  public Journal(
      Calls calls,
      InstantSource clock,
      LongSupplier nanoClock,
      CallNames names,
      MemoryBooking memory,
      Supplier<List<String>> volumes) {
    this.volumes = Objects.requireNonNull(volumes);
    this.memory = Objects.requireNonNull(memory);
    this.calls = Objects.requireNonNull(calls);
    this.clock = Objects.requireNonNull(clock);
    this.nanoClock = Objects.requireNonNull(nanoClock);
    this.names = Objects.requireNonNull(names);
  }

  // ---------------------------------------------------------------- on, off, empty

  /**
   * Turns the journal on with a size, or off. It is empty after that, unless it has this size
   * already.
   *
   * @param entries the most calls that it keeps, {@value #MIN_ENTRIES} to {@value #MAX_ENTRIES}; 0
   *     for off
   * @throws IllegalArgumentException for another number
   * @throws ArrayException NO_SPACE if the process has not so much direct memory left beside the
   *     array and its reserve; the journal is as it was
   */
  public synchronized void resize(int entries) {
    if (entries != 0 && (entries < MIN_ENTRIES || entries > MAX_ENTRIES)) {
      throw new IllegalArgumentException(
          "a journal of "
              + entries
              + " calls; allowed: 0 for none, or "
              + MIN_ENTRIES
              + " to "
              + MAX_ENTRIES);
    }
    Recording now = recording;
    if (entries != (now == null ? 0 : now.ring.kept())) {
      begin(entries);
    }
  }

  /** Forgets all calls. */
  public synchronized void clear() {
    Recording now = recording;
    if (now != null) {
      begin(now.ring.kept());
    }
  }

  private void begin(int entries) {
    Recording now = recording;
    long bytes = entries == 0 ? 0 : bytesFor(entries);
    long moreBytes = bytes - bookedBytes;
    if (moreBytes > 0 && !memory.tryTake(moreBytes)) {
      throw new ArrayException(
          ArrayError.NO_SPACE,
          "a journal of "
              + entries
              + " calls takes "
              + (bytes >> 20)
              + " MiB of direct memory, which the array does not leave; keep fewer calls, or raise"
              + " -XX:MaxDirectMemorySize (or -Xmx)");
    }
    if (now != null) {
      now.link.close();
      nextSequence = now.ring.end();
    }
    if (moreBytes < 0) {
      memory.giveBack(-moreBytes);
    }
    bookedBytes = bytes;
    if (entries == 0) {
      recording = null;
      return;
    }
    CallRing ring = CallRing.keeping(entries, nextSequence);
    TextRing texts = new TextRing(textBytes(entries));
    WallClock wall = new WallClock(clock, nanoClock);
    recording =
        new Recording(
            ring,
            texts,
            wall,
            nextSequence,
            calls.installLast(new SlotWriter(ring, texts, nanoClock)));
  }

  private static long bytesFor(int entries) {
    return CallRing.bytesFor(entries) + textBytes(entries);
  }

  static int textBytes(int entries) {
    return Math.max(MIN_TEXT_BYTES, entries * TEXT_BYTES_PER_ENTRY);
  }

  /** How it is doing. */
  public JournalStatus status() {
    Recording now = recording;
    if (now == null) {
      synchronized (this) {
        return new JournalStatus(0, nextSequence, nextSequence - 1, 0, 0, 0);
      }
    }
    long end = now.ring.end();
    long first = Math.max(now.first, end - now.ring.kept());
    return new JournalStatus(
        now.ring.kept(),
        first,
        end - 1,
        first - now.first,
        now.ring.unrecorded(),
        bytesFor(now.ring.kept()));
  }

  /** Keeps no further call; what is kept can be asked for as long as somebody holds the journal. */
  public synchronized void seal() {
    Recording now = recording;
    if (now != null) {
      now.link.close();
      memory.giveBack(bookedBytes);
      bookedBytes = 0;
    }
  }

  /** Turns it off. */
  @Override
  public void close() {
    resize(0);
  }

  // ---------------------------------------------------------------- asking

  /**
   * The calls that follow a number, the oldest first.
   *
   * @param after the number of a call; 0 for all
   * @param most the most calls, 1 to {@value #MAX_PAGE}
   * @throws IllegalArgumentException if no call can meet the filter, or {@code most} is out of
   *     range
   */
  public JournalPage after(CallFilter filter, long after, int most) {
    requireMeetable(filter);
    requirePage(most);
    JournalScan scan = scan(after);
    List<JournalEntry> entries = new ArrayList<>();
    long looked = scan.forEach(true, filter, call -> entries.add(call) && entries.size() < most);
    return new JournalPage(entries, scan.isComplete(), looked, scan.end() - 1);
  }

  /** {@link #follow} without a bound on what is looked at. */
  public JournalPage settledAfter(CallFilter filter, long after, int most) {
    requireMeetable(filter);
    return follow(filter, after, most, Integer.MAX_VALUE).page();
  }

  /**
   * The same for those who follow, again and again: ends before a call that has arrived and of
   * which nothing is known so far, so that nobody misses it who asks for what comes behind the last
   * one. Whether any call can meet the filter is {@link #requireMeetable}'s question, once.
   *
   * @param mostLookedAt how many calls are looked at, 1 or more, whether they meet the filter or
   *     not; so the time of a look is bounded whatever comes meanwhile
   */
  public FollowedCalls follow(CallFilter filter, long after, int most, int mostLookedAt) {
    requirePage(most);
    JournalScan scan = scan(after);
    List<JournalEntry> entries = new ArrayList<>();
    long looked =
        scan.isOfNothing()
            ? scan.end() - 1
            : scan.forEachSettled(
                filter, mostLookedAt, call -> entries.add(call) && entries.size() < most);
    JournalPage page = new JournalPage(entries, scan.isComplete(), looked, scan.end() - 1);
    boolean isCut = looked < scan.end() - 1 && looked - scan.begin() + 1 >= mostLookedAt;
    return new FollowedCalls(page, isCut || entries.size() == most);
  }

  /**
   * The latest calls, the oldest of them first.
   *
   * @param most see {@link #after}
   * @throws IllegalArgumentException see there
   */
  public JournalPage latest(CallFilter filter, int most) {
    requireMeetable(filter);
    requirePage(most);
    JournalScan scan = scan(0);
    Deque<JournalEntry> latest = new ArrayDeque<>();
    scan.forEachBackwards(
        filter,
        call -> {
          latest.addFirst(call);
          return latest.size() < most;
        });
    boolean isComplete = latest.size() == most || scan.isComplete();
    return new JournalPage(List.copyOf(latest), isComplete, scan.end() - 1, scan.end() - 1);
  }

  private static void requirePage(int most) {
    if (most < 1 || most > MAX_PAGE) {
      throw new IllegalArgumentException("a page of " + most + " calls; allowed: 1 to " + MAX_PAGE);
    }
  }

  /**
   * Refuses a filter that no call could meet, whatever comes.
   *
   * @throws IllegalArgumentException which says what is allowed
   */
  public void requireMeetable(CallFilter filter) {
    FilterCheck.requireMeetable(filter, names);
    List<String> there = volumes.get();
    if (!there.isEmpty()) {
      FilterCheck.requireInside(filter, there, this::isKept);
    }
  }

  private boolean isKept(CallFilter filter) {
    boolean[] isKept = {false};
    scan(0)
        .forEach(
            false,
            filter,
            call -> {
              isKept[0] = true;
              return false;
            });
    return isKept[0];
  }

  /**
   * The calls so far as packets, which Wireshark dissects as NFS, MOUNT, NLM and portmap.
   *
   * @throws IllegalArgumentException if no call can meet the filter
   */
  public JournalExport exportPcapng(CallFilter filter) {
    requireMeetable(filter);
    return JournalExport.pcapng(scan(0), filter);
  }

  /**
   * The calls so far, one by one.
   *
   * @param line makes bytes of a call
   * @throws IllegalArgumentException if no call can meet the filter
   */
  public JournalExport export(CallFilter filter, Function<JournalEntry, byte[]> line) {
    requireMeetable(filter);
    return JournalExport.lines(scan(0), filter, line);
  }

  private JournalScan scan(long after) {
    Recording now = recording;
    return now == null
        ? JournalScan.ofNothing(after == 0 && status().lastSequence() == 0)
        : JournalScan.of(now, names, after);
  }

  // ---------------------------------------------------------------- verifying

  /**
   * Judges what is expected, by the calls so far.
   *
   * @throws IllegalArgumentException if a filter cannot be met by any call
   */
  public VerificationResult check(Verification wanted) {
    if (wanted instanceof Verification.Count count) {
      requireMeetable(count.calls());
      if (count.after() != null) {
        requireMeetable(count.after());
      }
      if (count.before() != null) {
        requireMeetable(count.before());
      }
    } else {
      ((Verification.InOrder) wanted).calls().forEach(this::requireMeetable);
    }
    JournalScan scan = scan(0);
    if (scan.isOfNothing()) {
      return new VerificationResult(
          VerificationResult.Outcome.UNKNOWN,
          "the journal is off; 'serve --journal', 'journal size' and Java turn it on",
          0,
          List.of());
    }
    return new Verifier(scan).verify(wanted);
  }

  /**
   * Requires so many calls since the journal began.
   *
   * @throws VerificationFailed if there are others, or it cannot be known; its message shows the
   *     nearest calls
   * @throws IllegalArgumentException if a filter cannot be met by any call
   */
  public void verify(CallFilter filter, CallCount count) {
    require(Verification.of(filter, count));
  }

  /** Requires that the first calls of these kinds came one after the other; see {@link #verify}. */
  public void verifyInOrder(CallFilter... kinds) {
    require(new Verification.InOrder(List.of(kinds)));
  }

  /** The calls after the first of one kind and before the first of another that follows. */
  public Window between(CallFilter after, CallFilter before) {
    return new Window(Objects.requireNonNull(after), Objects.requireNonNull(before));
  }

  /** The calls after the first of one kind. */
  public Window after(CallFilter after) {
    return new Window(Objects.requireNonNull(after), null);
  }

  /** The calls before the first of one kind. */
  public Window before(CallFilter before) {
    return new Window(null, Objects.requireNonNull(before));
  }

  private void require(Verification wanted) {
    VerificationResult result = check(wanted);
    if (!result.holds()) {
      throw new VerificationFailed(result);
    }
  }

  /** A part of the calls, by the calls around it. */
  public final class Window {
    private final CallFilter after;
    private final CallFilter before;

    private Window(CallFilter after, CallFilter before) {
      this.after = after;
      this.before = before;
    }

    /** Requires so many calls in this part; see {@link Journal#verify}. */
    public void verify(CallFilter filter, CallCount count) {
      require(new Verification.Count(filter, count, after, before));
    }
  }

  /** The time now, by the clock of the array. */
  public Instant now() {
    return clock.instant();
  }
}
