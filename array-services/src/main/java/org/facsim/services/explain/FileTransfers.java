/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.facsim.array.FileHandle;
import org.facsim.array.Inode;

/**
 * What clients read and wrote over NFS, file by file: how a file got its contents where no clone
 * filled it. Always on, so it is cheap: each thread counts what one client moves of one file in a
 * {@link TransferRun} of its own, without a lock, and what it counted goes into the table when it
 * comes to another file or client, and when somebody asks.
 *
 * <p>Bounded: {@value #SETS} sets of {@value #WAYS} files. A new file takes the place of the one in
 * its set that moved less than {@value #LARGE_BYTES} bytes, or else of the one that rested longest;
 * so a storm of small files does not push out a disk that is being copied. Of a file {@value
 * #CLIENTS} clients are told apart. In memory only: a restart forgets it. Thread-safe.
 */
public final class FileTransfers {
  static final int SETS = 1024;
  static final int WAYS = 4;
  static final int CLIENTS = 4;
  static final long LARGE_BYTES = 1 << 20;

  /** No time was taken when the call began. */
  private static final long NOT_TIMED = 0;

  private final InstantSource clock;
  private final LongSupplier nanoClock;
  private final Entry[] entries = new Entry[SETS * WAYS];
  private final Sums all = new Sums();

  /** Of all threads that moved anything. Weak, so that a thread that ends leaves nothing. */
  private final Map<Thread, TransferRun> runs = new WeakHashMap<>();

  private final ThreadLocal<TransferRun> ofThread = ThreadLocal.withInitial(this::newRun);

  public FileTransfers(InstantSource clock) {
    this(clock, System::nanoTime);
  }

  /**
   * @param nanoClock as {@link System#nanoTime}, by which calls are timed
   */
  public FileTransfers(InstantSource clock, LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.clock = clock;
  }

  private synchronized TransferRun newRun() {
    TransferRun run = new TransferRun();
    runs.put(Thread.currentThread(), run);
    return run;
  }

  /**
   * What was written to a file.
   *
   * @param calls WRITEs that changed it
   * @param bytes that they brought
   */
  public record Totals(long calls, long bytes) {
    /** Nothing. */
    public static final Totals NONE = new Totals(0, 0);

    Totals minus(Totals earlier) {
      return new Totals(calls - earlier.calls, bytes - earlier.bytes);
    }
  }

  /**
   * What one client moved of one file.
   *
   * @param client its address; {@code others} for those beyond the first {@value #CLIENTS}
   * @param firstMillis of its transfers, since the epoch
   * @param lastMillis of its transfers, since the epoch
   */
  public record ByClient(
      String client,
      long writes,
      long writtenBytes,
      long reads,
      long readBytes,
      long firstMillis,
      long lastMillis) {}

  /** What is known of one file. */
  public record OfFile(FileHandle file, List<ByClient> clients) {
    public OfFile {
      clients = List.copyOf(clients);
    }

    /** What all clients wrote. */
    public Totals written() {
      return new Totals(
          clients.stream().mapToLong(ByClient::writes).sum(),
          clients.stream().mapToLong(ByClient::writtenBytes).sum());
    }
  }

  /**
   * What all clients moved of one file so far.
   *
   * @param timedCalls READs and WRITEs whose duration is known: at least one of 64 that a thread
   *     performs
   * @param timedNanos the sum of their durations
   */
  public record Transferred(
      int volumeId,
      long fileId,
      long reads,
      long readBytes,
      long writes,
      long writtenBytes,
      long timedCalls,
      long timedNanos) {
    /**
     * What came after an earlier look.
     *
     * @param earlier null for none. If the file was forgotten in between, everything came after it
     */
    public Transferred minus(Transferred earlier) {
      if (earlier == null
          || earlier.reads > reads
          || earlier.writes > writes
          || earlier.timedCalls > timedCalls) {
        return this;
      }
      return new Transferred(
          volumeId,
          fileId,
          reads - earlier.reads,
          readBytes - earlier.readBytes,
          writes - earlier.writes,
          writtenBytes - earlier.writtenBytes,
          timedCalls - earlier.timedCalls,
          timedNanos - earlier.timedNanos);
    }
  }

  private static final class Entry {
    final int volumeId;
    final long fileId;
    final FileHandle file;
    long bytes;
    long lastMillis;
    long timedCalls;
    long timedNanos;
    final List<Client> clients = new ArrayList<>(1);

    Entry(Inode of) {
      volumeId = of.volume().id();
      fileId = of.fileId();
      file = of.handle();
    }
  }

  /** Sums that only grow. */
  private static final class Sums {
    long reads;
    long readBytes;
    long writes;
    long writtenBytes;
    long timedCalls;
    long timedNanos;

    void add(TransferRun.Moved moved) {
      reads += moved.reads();
      readBytes += moved.readBytes();
      writes += moved.writes();
      writtenBytes += moved.writtenBytes();
      timedCalls += moved.timedCalls();
      timedNanos += moved.timedNanos();
    }
  }

  private static final class Client {
    final InetAddress address;
    long writes;
    long writtenBytes;
    long reads;
    long readBytes;
    long firstMillis;
    long lastMillis;

    Client(InetAddress address, long now) {
      this.address = address;
      firstMillis = now;
    }

    ByClient copy() {
      String name = address == null ? "others" : address.getHostAddress();
      return new ByClient(name, writes, writtenBytes, reads, readBytes, firstMillis, lastMillis);
    }
  }

  /**
   * The thread begins to read or write data. The clock is read for one call of {@value
   * TransferRun#CALLS_PER_TIMED}, because that costs much.
   *
   * @return what {@link #wrote} or {@link #read} are to be told at the end, on the same thread
   */
  public long startNanos() {
    if (!ofThread.get().isNextTimed()) {
      return NOT_TIMED;
    }
    long now = nanoClock.getAsLong();
    return now == NOT_TIMED ? 1 : now;
  }

  /** A WRITE that was not timed changed a file. */
  public void wrote(Inode file, InetAddress client, int bytes) {
    move(file, client, bytes, true, NOT_TIMED);
  }

  /** A WRITE changed a file, and began at {@link #startNanos}. */
  public void wrote(Inode file, InetAddress client, int bytes, long startNanos) {
    move(file, client, bytes, true, startNanos);
  }

  /** A READ that was not timed got data of a file. */
  public void read(Inode file, InetAddress client, int bytes) {
    move(file, client, bytes, false, NOT_TIMED);
  }

  /** A READ got data of a file, and began at {@link #startNanos}. */
  public void read(Inode file, InetAddress client, int bytes, long startNanos) {
    move(file, client, bytes, false, startNanos);
  }

  private void move(Inode file, InetAddress address, int bytes, boolean isWrite, long startNanos) {
    TransferRun run = ofThread.get();
    if (!run.isOf(file, address)) {
      begin(run, file, address);
    }
    long nowMillis = clock.millis();
    if (startNanos != NOT_TIMED) {
      run.time(Math.max(0, nanoClock.getAsLong() - startNanos), nowMillis);
    }
    run.count(isWrite, bytes, nowMillis);
  }

  private synchronized void begin(TransferRun run, Inode file, InetAddress address) {
    settle(); // all of them: a new file in the table may take the place of one that others move
    run.begin(file, address);
  }

  /** Puts into the table what threads have counted. Under the lock. */
  private void settle() {
    runs.values().forEach(this::settle);
  }

  private void settle(TransferRun run) {
    TransferRun.Moved moved = run.take();
    if (moved == null) {
      return;
    }
    all.add(moved);
    Entry entry = entry(run.file());
    entry.bytes += moved.writtenBytes() + moved.readBytes();
    entry.lastMillis = Math.max(entry.lastMillis, moved.lastMillis());
    entry.timedCalls += moved.timedCalls();
    entry.timedNanos += moved.timedNanos();
    Client client = client(entry, run.address(), moved.firstMillis());
    client.lastMillis = Math.max(client.lastMillis, moved.lastMillis());
    client.writes += moved.writes();
    client.writtenBytes += moved.writtenBytes();
    client.reads += moved.reads();
    client.readBytes += moved.readBytes();
  }

  private static int firstOfSet(int volumeId, long fileId) {
    return (int) ((fileId * 31 + volumeId) & (SETS - 1)) * WAYS;
  }

  private Entry entry(Inode file) {
    int volumeId = file.volume().id();
    long fileId = file.fileId();
    int first = firstOfSet(volumeId, fileId);
    int victim = first;
    for (int at = first; at < first + WAYS; at++) {
      Entry each = entries[at];
      if (each == null) {
        victim = at;
        break;
      }
      if (each.fileId == fileId && each.volumeId == volumeId) {
        return each;
      }
      if (goesBefore(each, entries[victim])) {
        victim = at;
      }
    }
    Entry made = new Entry(file);
    entries[victim] = made;
    return made;
  }

  private static boolean goesBefore(Entry one, Entry other) {
    boolean isSmall = one.bytes < LARGE_BYTES;
    return isSmall == other.bytes < LARGE_BYTES ? one.lastMillis < other.lastMillis : isSmall;
  }

  private static Client client(Entry entry, InetAddress address, long now) {
    List<Client> clients = entry.clients;
    for (int i = 0; i < clients.size(); i++) {
      Client each = clients.get(i);
      if (each.address == null || each.address.equals(address)) {
        return each;
      }
    }
    Client made = new Client(clients.size() == CLIENTS ? null : address, now);
    clients.add(made);
    return made;
  }

  private Entry find(FileHandle file) {
    int first = firstOfSet(file.volumeId(), file.fileId());
    for (int at = first; at < first + WAYS; at++) {
      Entry each = entries[at];
      if (each != null && each.fileId == file.fileId() && each.volumeId == file.volumeId()) {
        return each;
      }
    }
    return null;
  }

  private static OfFile copy(Entry entry) {
    return new OfFile(entry.file, entry.clients.stream().map(Client::copy).toList());
  }

  /** What is known of a file; empty if nothing is, or not any more. */
  public synchronized Optional<OfFile> of(FileHandle file) {
    settle();
    return Optional.ofNullable(find(file)).map(FileTransfers::copy);
  }

  /** The address of a client that moved data of a file; empty for {@code others}. */
  synchronized Optional<InetAddress> addressOf(FileHandle file, String client) {
    settle();
    Entry entry = find(file);
    return entry == null
        ? Optional.empty()
        : entry.clients.stream()
            .map(each -> each.address)
            .filter(address -> address != null && address.getHostAddress().equals(client))
            .findFirst();
  }

  /** What all clients moved of all files since the start; those that were forgotten count. */
  public synchronized Transferred everything() {
    settle();
    return new Transferred(
        0,
        0,
        all.reads,
        all.readBytes,
        all.writes,
        all.writtenBytes,
        all.timedCalls,
        all.timedNanos);
  }

  /** Tells what all clients moved of each file that is known. */
  public void forEachTransferred(Consumer<Transferred> consumer) {
    List<Transferred> files = new ArrayList<>();
    synchronized (this) {
      settle();
      for (Entry entry : entries) {
        if (entry != null) {
          files.add(total(entry));
        }
      }
    }
    files.forEach(consumer);
  }

  private static Transferred total(Entry entry) {
    long reads = 0;
    long readBytes = 0;
    long writes = 0;
    long writtenBytes = 0;
    for (Client each : entry.clients) {
      reads += each.reads;
      readBytes += each.readBytes;
      writes += each.writes;
      writtenBytes += each.writtenBytes;
    }
    return new Transferred(
        entry.volumeId,
        entry.fileId,
        reads,
        readBytes,
        writes,
        writtenBytes,
        entry.timedCalls,
        entry.timedNanos);
  }

  synchronized Totals writtenTo(FileHandle file) {
    settle();
    Entry entry = find(file);
    if (entry == null) {
      return Totals.NONE;
    }
    long calls = 0;
    long bytes = 0;
    for (Client each : entry.clients) {
      calls += each.writes;
      bytes += each.writtenBytes;
    }
    return new Totals(calls, bytes);
  }

  /** The array was restored: its files are others, or what they were. */
  public synchronized void forgetAll() {
    settle();
    Arrays.fill(entries, null);
  }

  /**
   * The files that a client read in a time, the one that it read most of first.
   *
   * @param besides not this one
   */
  public synchronized List<OfFile> readBy(
      String client, long fromMillis, long toMillis, FileHandle besides) {
    settle();
    List<OfFile> found = new ArrayList<>();
    for (Entry entry : entries) {
      if (entry == null) {
        continue;
      }
      OfFile copy = copy(entry);
      boolean hasRead =
          copy.clients().stream()
              .anyMatch(
                  each ->
                      each.client().equals(client)
                          && each.readBytes() > 0
                          && each.firstMillis() <= toMillis
                          && each.lastMillis() >= fromMillis);
      if (hasRead && !copy.file().equals(besides)) {
        found.add(copy);
      }
    }
    found.sort(Comparator.comparingLong((OfFile each) -> -readBytes(each, client)));
    return found;
  }

  static long readBytes(OfFile file, String client) {
    return file.clients().stream()
        .filter(each -> each.client().equals(client))
        .mapToLong(ByClient::readBytes)
        .sum();
  }
}
