/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Lets readers walk without a lock while writers free what they walk on.
 *
 * <p>A reader announces the epoch it saw, reads, and withdraws the announcement. A writer first
 * <em>unlinks</em> a thing, then tags it with the current epoch. The thing may be used for
 * something else when the epoch has moved past the tag and every announced epoch is greater than
 * the tag.
 *
 * <p>This is enough for these reasons. A reader that announced an epoch greater than the tag loaded
 * the epoch after it moved, so after the unlinking, and cannot find the thing. A reader whose
 * announcement the scan missed announced it after the scan, and loads its first pointer even later,
 * while the scan came after the unlinking. A reader that announces an old (small) epoch only delays
 * reuse. The announcement is a compare-and-set, so no load of the reader moves before it. The scan
 * comes after a full fence, so the unlinking does not move after it.
 *
 * <p>Readers never wait. They look for a free announcement, beginning at a place of their own, and
 * add a chunk when a chunk is full.
 *
 * <p>Known flaw: a reader that is stopped inside {@link #enter} and {@link #exit} (a debugger, a
 * swapped-out process) holds back all reuse, so memory grows meanwhile. Nothing else suffers.
 */
public final class Epochs {
  private static final int CHUNK_ANNOUNCEMENTS = 64;

  /** Announcements are two cache lines apart, so that neighbours do not disturb each other. */
  private static final int STRIDE = 16;

  private static final long RECHECK_NANOS = 10_000;

  private static final VarHandle ANNOUNCEMENT = MethodHandles.arrayElementVarHandle(long[].class);

  private final AtomicLong current = new AtomicLong(1);

  /** Every tag below it has elapsed. It only grows. */
  private final AtomicLong safe = new AtomicLong(1);

  private volatile long[][] chunks = {new long[CHUNK_ANNOUNCEMENTS * STRIDE]};

  /** Announces a reader. Returns the ticket for {@link #exit}. */
  public int enter() {
    long[][] seen = chunks;
    int start = (int) ((Thread.currentThread().getId() * 0x9E3779B97F4A7C15L) >>> 58);
    for (int chunk = 0; ; chunk++) {
      if (chunk == seen.length) {
        seen = addChunk(seen);
      }
      long[] announcements = seen[chunk];
      for (int probe = 0; probe < CHUNK_ANNOUNCEMENTS; probe++) {
        int place = (start + probe) & (CHUNK_ANNOUNCEMENTS - 1);
        if ((long) ANNOUNCEMENT.getOpaque(announcements, place * STRIDE) == 0
            && ANNOUNCEMENT.compareAndSet(announcements, place * STRIDE, 0L, current.get())) {
          return chunk * CHUNK_ANNOUNCEMENTS + place;
        }
      }
    }
  }

  public void exit(int ticket) {
    ANNOUNCEMENT.setRelease(
        chunks[ticket / CHUNK_ANNOUNCEMENTS], (ticket & (CHUNK_ANNOUNCEMENTS - 1)) * STRIDE, 0L);
  }

  /** Returns the tag for what is unlinked by now. */
  public long tag() {
    return current.get();
  }

  /** Returns the tag in 31 bits, positive, see {@link #elapsedStamp}. */
  public int stamp() {
    int stamp = (int) current.get() & Integer.MAX_VALUE;
    return stamp == 0 ? 1 : stamp;
  }

  /** Whether no reader can still see what was unlinked before {@link #tag} gave this tag. */
  public boolean elapsed(long tag) {
    if (tag < safe.get()) {
      return true;
    }
    advance();
    return tag < safe.get();
  }

  /**
   * The same for a stamp. For a stamp older than 2^30 epochs the answer may be false, which costs a
   * copy, but never wrongly true.
   */
  public boolean elapsedStamp(int stamp) {
    if (compareStamps(stamp, (int) safe.get()) < 0) {
      return true;
    }
    advance();
    return compareStamps(stamp, (int) safe.get()) < 0;
  }

  /** Returns a negative number if the first stamp is the earlier one, by the 31 lower bits. */
  public static int compareStamps(int one, int other) {
    return (one - other) << 1;
  }

  /** Waits until every reader that is inside now has left. */
  public void awaitReaders() {
    long tag = tag();
    while (!elapsed(tag)) {
      LockSupport.parkNanos(RECHECK_NANOS);
    }
  }

  private void advance() {
    long oldest = current.incrementAndGet();
    VarHandle.fullFence();
    for (long[] announcements : chunks) {
      for (int place = 0; place < CHUNK_ANNOUNCEMENTS; place++) {
        long announced = (long) ANNOUNCEMENT.getVolatile(announcements, place * STRIDE);
        if (announced != 0 && announced < oldest) {
          oldest = announced;
        }
      }
    }
    long before = safe.get();
    while (oldest > before && !safe.compareAndSet(before, oldest)) {
      before = safe.get();
    }
  }

  private synchronized long[][] addChunk(long[][] seen) {
    if (chunks.length > seen.length) {
      return chunks;
    }
    long[][] grown = Arrays.copyOf(seen, seen.length + 1);
    grown[seen.length] = new long[CHUNK_ANNOUNCEMENTS * STRIDE];
    chunks = grown;
    return grown;
  }
}
