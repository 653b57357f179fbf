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

  /** What is in the table already. */
  private Moved taken = Moved.NOTHING;

  /**
   * What was moved since it was taken the last time.
   *
   * @param firstMillis when the first transfer of the run came, since the epoch
   * @param lastMillis when the latest came
   */
  record Moved(
      long writes,
      long writtenBytes,
      long reads,
      long readBytes,
      long firstMillis,
      long lastMillis) {
    static final Moved NOTHING = new Moved(0, 0, 0, 0, 0, 0);
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

  void count(boolean isWrite, int bytes, long nowMillis) {
    if (firstMillis.getPlain() == 0) {
      firstMillis.lazySet(nowMillis);
    }
    lastMillis.lazySet(nowMillis);
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
            lastMillis.get());
    Moved more =
        new Moved(
            now.writes() - taken.writes(),
            now.writtenBytes() - taken.writtenBytes(),
            now.reads() - taken.reads(),
            now.readBytes() - taken.readBytes(),
            now.firstMillis(),
            now.lastMillis());
    taken = now;
    return more;
  }
}
