/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.explain;

import java.net.InetAddress;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.Inode;
import org.facsim.array.Volume;

/**
 * What one thread moves of one file for one client, counted without a lock. The counters never go
 * back: whoever puts them into the table remembers how far it came. Only its thread counts and
 * begins; everything but counting happens under the lock of {@link FileTransfers}.
 */
final class TransferRun {
  static final int CALLS_PER_TIMED = 64;

  /** After so long, the next call is timed, so that a guest that does little has a latency, too. */
  private static final long TIMED_PAUSE_MILLIS = 10;

  private Inode file;
  private Volume volume;
  private long fileId;
  private InetAddress address;

  // The thread's own stores; others read them.
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong writtenBytes = new AtomicLong();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong readBytes = new AtomicLong();
  private final AtomicLong lastMillis = new AtomicLong();
  private final AtomicLong timedCalls = new AtomicLong();
  private final AtomicLong timedNanos = new AtomicLong();

  /** Only its thread looks at it. */
  private int callsToNextTimed;

  private long timedMillis;

  /** What is in the table already. */
  private Moved taken = Moved.NOTHING;

  /**
   * What was moved since it was taken the last time.
   *
   * @param firstMillis when the first transfer of the run came, since the epoch
   * @param lastMillis when the latest came
   * @param timedCalls of them, those whose duration is known
   * @param timedNanos the sum of their durations
   */
  record Moved(
      long writes,
      long writtenBytes,
      long reads,
      long readBytes,
      long firstMillis,
      long lastMillis,
      long timedCalls,
      long timedNanos) {
    static final Moved NOTHING = new Moved(0, 0, 0, 0, 0, 0, 0, 0);
  }

  /** When the first transfer of the run came; 0 before. Another thread may read it. */
  private final AtomicLong firstMillis = new AtomicLong();

  boolean isOf(Inode other, InetAddress client) {
    return fileId == other.fileId() && volume == other.volume() && Objects.equals(address, client);
  }

  /** Comes to another file or client, after everything was taken. */
  void begin(Inode next, InetAddress client) {
    file = next;
    volume = next.volume();
    fileId = next.fileId();
    address = client;
    firstMillis.setPlain(0);
  }

  /**
   * Whether the next call is to be timed: one of {@value #CALLS_PER_TIMED}, or more if few come.
   */
  boolean isNextTimed() {
    if (callsToNextTimed > 0) {
      callsToNextTimed--;
      return false;
    }
    callsToNextTimed = CALLS_PER_TIMED - 1;
    return true;
  }

  /** The call that is counted next took so long. */
  void time(long nanos, long nowMillis) {
    timedMillis = nowMillis;
    timedNanos.lazySet(timedNanos.getPlain() + nanos);
    timedCalls.lazySet(timedCalls.getPlain() + 1);
  }

  void count(boolean isWrite, int bytes, long nowMillis) {
    if (firstMillis.getPlain() == 0) {
      firstMillis.lazySet(nowMillis);
    }
    lastMillis.lazySet(nowMillis);
    if (nowMillis - timedMillis >= TIMED_PAUSE_MILLIS) {
      callsToNextTimed = 0;
    }
    AtomicLong bytesOfKind = isWrite ? writtenBytes : readBytes;
    AtomicLong calls = isWrite ? writes : reads;
    bytesOfKind.lazySet(bytesOfKind.getPlain() + bytes);
    calls.lazySet(calls.getPlain() + 1); // last, so that a call that is seen has its bytes
  }

  Inode file() {
    return file;
  }

  InetAddress address() {
    return address;
  }

  /** What is not in the table yet; null if that is nothing. */
  Moved take() {
    long writesNow = writes.get();
    long readsNow = reads.get();
    if (writesNow == taken.writes() && readsNow == taken.reads()) {
      return null;
    }
    Moved now =
        new Moved(
            writesNow,
            writtenBytes.get(),
            readsNow,
            readBytes.get(),
            firstMillis.get(),
            lastMillis.get(),
            timedCalls.get(),
            timedNanos.get());
    Moved more =
        new Moved(
            now.writes() - taken.writes(),
            now.writtenBytes() - taken.writtenBytes(),
            now.reads() - taken.reads(),
            now.readBytes() - taken.readBytes(),
            now.firstMillis(),
            now.lastMillis(),
            now.timedCalls() - taken.timedCalls(),
            now.timedNanos() - taken.timedNanos());
    taken = now;
    return more;
  }
}
