/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log.file;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.facsim.array.ArrayException;

/**
 * What a power failure takes from one file. For each range that was written and not forced, this
 * keeps what the range held before.
 *
 * <p>After a force has begun, the next write of a range keeps the range once more, because a force
 * makes durable only the writes that ended before it began. So ranges are kept in
 * <em>generations</em>, one for each force. A force that succeeds drops the generations that were
 * there when it began. A force that fails drops none: the operating system may have dropped the
 * pages that it could not write, so they can still be lost.
 *
 * <p>{@link HostPower} bounds how many bytes are kept. At the bound, a write first forces the file.
 * A disk may do so too: it writes back what it holds whenever it likes.
 *
 * <p>Thread-safe. The monitor is held while a range is kept and written, so that no other write
 * comes between. It is not held while the file is forced.
 */
final class UnforcedFile {
  static final int SECTOR_BYTES = 512;

  /** The file itself. */
  interface Medium {
    void write(long offsetBytes, ByteBuffer source);

    void read(long offsetBytes, ByteBuffer target);

    void force();

    long sizeBytes();
  }

  /**
   * What a range held.
   *
   * @param before null for zeros, as beyond the end of the file
   */
  @SuppressWarnings("ArrayRecordComponent") // instances are never compared
  private record Kept(long endBytes, byte[] before) {}

  /** The ranges that were first written between the beginnings of two forces, by their offset. */
  private static final class Generation {
    final TreeMap<Long, Kept> ranges = new TreeMap<>();
    final long sizeBytes;

    Generation(long sizeBytes) {
      this.sizeBytes = sizeBytes;
    }
  }

  private final HostPower power;

  /** The oldest first. */
  private final Deque<Generation> generations = new ArrayDeque<>();

  private boolean forceBegan;

  /** Why a force that made room failed; the next {@link #force} reports it. Null for nothing. */
  private ArrayException owed;

  UnforcedFile(HostPower power) {
    this.power = power;
  }

  synchronized void write(Medium medium, long offsetBytes, ByteBuffer source) {
    power.requireOn();
    if (power.isWatched()) {
      if (power.isFull()) {
        makeRoom(medium);
      }
      keep(medium, offsetBytes, source.remaining());
    }
    medium.write(offsetBytes, source);
  }

  private void makeRoom(Medium medium) {
    try {
      medium.force();
      dropAll();
    } catch (ArrayException e) {
      owed = e;
    }
  }

  private void keep(Medium medium, long offsetBytes, long lengthBytes) {
    long size = medium.sizeBytes();
    if (generations.isEmpty() || forceBegan) {
      generations.add(new Generation(size));
      forceBegan = false;
    }
    TreeMap<Long, Kept> ranges = generations.getLast().ranges;
    long from = offsetBytes & -SECTOR_BYTES;
    long end = (offsetBytes + lengthBytes + SECTOR_BYTES - 1) & -SECTOR_BYTES;
    while (from < end) {
      Map.Entry<Long, Kept> before = ranges.floorEntry(from);
      if (before != null && before.getValue().endBytes() > from) {
        from = before.getValue().endBytes();
        continue;
      }
      Long next = ranges.higherKey(from);
      long gapEnd = next == null ? end : Math.min(end, next);
      Kept kept = new Kept(gapEnd, contents(medium, from, gapEnd, size));
      ranges.put(from, kept);
      power.kept(costBytes(kept));
      from = gapEnd;
    }
  }

  private static byte[] contents(Medium medium, long from, long end, long size) {
    if (from >= size) {
      return null;
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(end - from));
    medium.read(from, bytes);
    for (byte each : bytes.array()) {
      if (each != 0) {
        return bytes.array();
      }
    }
    return null;
  }

  private static long costBytes(Kept kept) {
    return 128L + (kept.before() == null ? 0 : kept.before().length);
  }

  /**
   * Forces the file; what was written before is durable when this returns.
   *
   * @throws ArrayException as the medium; IO if the power went meanwhile
   */
  void force(Medium medium) {
    Generation last;
    synchronized (this) {
      power.requireOn();
      last = generations.peekLast();
      forceBegan = true;
    }
    medium.force();
    synchronized (this) {
      power.requireOn(); // without power, nothing may be reported as durable
      if (owed != null) {
        ArrayException failed = owed;
        owed = null;
        throw failed;
      }
      if (last != null) {
        dropUpTo(last);
      }
    }
  }

  private void dropUpTo(Generation last) {
    if (generations.contains(last)) {
      Generation dropped;
      do {
        dropped = generations.removeFirst();
        release(dropped);
      } while (dropped != last);
    }
  }

  private void dropAll() {
    generations.forEach(this::release);
    generations.clear();
  }

  private void release(Generation generation) {
    generation.ranges.values().forEach(kept -> power.kept(-costBytes(kept)));
  }

  /** From now on, no earlier write can be lost. */
  synchronized void forget() {
    dropAll();
  }

  synchronized boolean isClean() {
    return generations.isEmpty();
  }

  /** The file after the power failure, in which lost writes are undone. */
  interface Survivor {
    void write(long offsetBytes, ByteBuffer source);

    void truncate(long sizeBytes);
  }

  /**
   * Undoes the writes that the power failure takes.
   *
   * @param all whether it takes everything that was not forced; otherwise each sector is lost or
   *     not, by chance
   * @return how many sectors were lost
   */
  synchronized long lose(Survivor survivor, boolean all, SplittableRandom random) {
    long lost = 0;
    for (Iterator<Generation> each = generations.descendingIterator(); each.hasNext(); ) {
      for (Map.Entry<Long, Kept> range : each.next().ranges.entrySet()) {
        long from = range.getKey();
        for (long at = from; at < range.getValue().endBytes(); at += SECTOR_BYTES) {
          if (all || random.nextBoolean()) {
            survivor.write(at, sector(range.getValue().before(), (int) (at - from)));
            lost++;
          }
        }
      }
    }
    if (all && !generations.isEmpty()) {
      survivor.truncate(generations.getFirst().sizeBytes);
    }
    return lost;
  }

  private static ByteBuffer sector(byte[] before, int at) {
    return before == null
        ? ByteBuffer.allocate(SECTOR_BYTES)
        : ByteBuffer.wrap(before, at, SECTOR_BYTES);
  }
}
