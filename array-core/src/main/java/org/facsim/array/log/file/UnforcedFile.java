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
 * What a power failure takes from one file: for each range that was written and not forced, what
 * was there before.
 *
 * <p>A range is kept when it is first written after a force began, because only what was finished
 * by then is durable when the force returns. So what is kept comes in <em>generations</em>, one for
 * each force, and a force that returns drops all generations before its own. A force that fails
 * drops none: the operating system has forgotten what it could not write, and it may be lost.
 *
 * <p>What is kept is bounded by {@link HostPower}: beyond the bound a write first forces the file,
 * as a disk may write back what it has whenever it likes.
 *
 * <p>The monitor is held while the file is written, so that a range is kept and written at once. It
 * is not held while the file is forced.
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
  @SuppressWarnings("ArrayRecordComponent") // nobody compares them
  private record Kept(long endBytes, byte[] before) {}

  /** What was first written between two forces, by where it begins. */
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

  /** A force for room failed: the next one that is asked for must not succeed in silence. */
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
      power.requireOn(); // else nobody may be told that it is durable
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

  /** Nothing of it can be lost any more. */
  synchronized void forget() {
    dropAll();
  }

  synchronized boolean isClean() {
    return generations.isEmpty();
  }

  /** Where a power failure undoes what was written. */
  interface Survivor {
    void write(long offsetBytes, ByteBuffer source);

    void truncate(long sizeBytes);
  }

  /**
   * Undoes what the power failure takes: all that was not forced, or by chance each sector or not.
   *
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
