/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.payload.ArenaRoom;
import org.facsim.array.block.payload.PinnedBytes;
import org.junit.jupiter.api.Test;

/**
 * Threads at once on a source and its clone. Every block written says who wrote it and when, in
 * each of its words: a reader finds torn blocks, blocks used again too early, and bytes that the
 * other file wrote after they parted. {@code -Dfacsim.store.stress.millis} sets the duration.
 */
class StoreStressTest {
  private static final int BLOCK = BlockStore.BLOCK_BYTES;
  private static final int BLOCKS = 600;
  private static final int ROOM_BLOCKS = 16;
  private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int SOURCE = 1;
  private static final int CLONE = 2;

  private final BlockStoreFixture fixture = new BlockStoreFixture(1 << 20);
  private final BlockStore store = fixture.store;
  private final long endNanos =
      System.nanoTime()
          + TimeUnit.MILLISECONDS.toNanos(Long.getLong("facsim.store.stress.millis", 2500));
  private final FileMap source = fixture.file();
  private final FileMap clone = fixture.file();

  /** Nobody clones it, so its blocks may move side by side. */
  private final FileMap alone = fixture.file();

  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong pins = new AtomicLong();

  /** Grows with each write and clone; guarded by the lock. */
  private long sequence;

  /** The sequence at the last clone. */
  private volatile long clonedAt;

  @Test
  void readersSeeWholeBlocksOfTheirOwnFile() throws InterruptedException {
    List<Thread> threads = new ArrayList<>();
    threads.add(thread(1, random -> write(random, source, SOURCE)));
    threads.add(thread(2, random -> write(random, clone, CLONE)));
    threads.add(thread(3, this::share));
    threads.add(thread(4, this::scatter));
    for (int i = 0; i < 4; i++) {
      boolean ofSource = i % 2 == 0;
      threads.add(thread(10 + i, random -> read(random, ofSource)));
    }
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(failure.get()).isNull();
    assertThat(reads.get()).isGreaterThan(100);
    assertThat(pins.get()).isPositive();
    assertThat(fixture.<Long>locked(() -> store.relocation().movedGroups())).isPositive();
    store.awaitReclaim();
    fixture.assertSound();
    fixture.release(source);
    fixture.release(clone);
    fixture.release(alone);
    store.awaitReclaim();
    assertThat(store.figures().usedBlocks()).isZero();
    assertThat(fixture.pool.payload().slotsInUse()).isZero();
    fixture.close();
  }

  private interface Step {
    void run(SplittableRandom random);
  }

  private Thread thread(long seed, Step step) {
    return new Thread(
        () -> {
          SplittableRandom random = new SplittableRandom(seed);
          try {
            while (goesOn() && failure.get() == null) {
              step.run(random);
            }
          } catch (Throwable e) {
            failure.compareAndSet(null, e);
          }
        });
  }

  /** On a busy machine it takes longer to see enough. */
  private boolean goesOn() {
    long late = System.nanoTime() - endNanos;
    return late < 0 || (!hasSeenEnough() && late < PATIENCE_NANOS);
  }

  private boolean hasSeenEnough() {
    return reads.get() > 100
        && pins.get() > 0
        && fixture.<Long>locked(() -> store.relocation().movedGroups()) > 0;
  }

  private void write(SplittableRandom random, FileMap map, int writer) {
    long block = random.nextInt(BLOCKS);
    int count = random.nextBoolean() ? 1 : 1 + random.nextInt(6); // up to 4 go where the old are
    if (random.nextInt(8) == 0) {
      writeRoom(block, map, writer);
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(count * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    boolean uniform = block > BLOCKS / 3 && random.nextInt(3) == 0; // these are never pinned
    fixture.locked(
        () -> {
          long tag = (++sequence << 3) | (writer << 1) | (uniform ? 1 : 0);
          while (bytes.hasRemaining()) {
            bytes.putLong(uniform ? tag : tag ^ ((long) bytes.position() % BLOCK << 48));
          }
          bytes.flip();
          try (PreparedWrite prepared = store.prepare(block * BLOCK, bytes)) {
            store.write(map, prepared);
          }
          if (random.nextInt(50) == 0) {
            store.holes().punchHole(map, block * BLOCK, 5 * BLOCK);
          }
        });
  }

  /** The bytes are not copied. They get their tag under the lock, like those of other writes. */
  private void writeRoom(long block, FileMap map, int writer) {
    fixture.locked(
        () -> {
          long tag = (++sequence << 3) | (writer << 1);
          try (ArenaRoom room = fixture.pool.room(ROOM_BLOCKS * BLOCK)) {
            if (room == null) {
              return; // a reader that lost its processor keeps what was freed from being used
            }
            ByteBuffer memory = room.memory().duplicate().order(ByteOrder.LITTLE_ENDIAN);
            while (memory.hasRemaining()) {
              memory.putLong(tag ^ ((long) memory.position() % BLOCK << 48));
            }
            try (PreparedWrite prepared = store.prepare(block * BLOCK, room)) {
              store.write(map, prepared);
            }
          }
        });
  }

  private void share(SplittableRandom random) {
    fixture.locked(
        () -> {
          clonedAt = ++sequence;
          if (random.nextBoolean()) {
            store.sharing().cloneWhole(source, clone);
          } else {
            long from = random.nextInt(BLOCKS / 2);
            long to = random.nextBoolean() ? from : random.nextInt(BLOCKS / 2);
            store.sharing().cloneRange(source, from * BLOCK, clone, to * BLOCK, 300L * BLOCK);
          }
        });
    // Let the two part again, and in other ways than by overwriting.
    if (random.nextInt(8) == 0) {
      fixture.locked(() -> store.holes().truncate(clone, BLOCKS * (long) BLOCK, 10L * BLOCK));
    }
  }

  /** Fills a group again from its end to its beginning, and visits it twice. */
  private void scatter(SplittableRandom random) {
    long first = group(random);
    fixture.locked(() -> store.holes().punchHole(alone, first * BLOCK, Relocation.GROUP_BYTES));
    for (int i = Relocation.GROUP_BLOCKS - 1; i >= 0; i--) {
      writeTagged(alone, first + i);
    }
    for (int visit = 0; visit < 2; visit++) {
      lookTwice(alone, first, Relocation.GROUP_BLOCKS, true);
    }
  }

  private void writeTagged(FileMap map, long block) {
    ByteBuffer bytes = ByteBuffer.allocate(BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    fixture.locked(
        () -> {
          long tag = (++sequence << 3) | (SOURCE << 1);
          while (bytes.hasRemaining()) {
            bytes.putLong(tag ^ ((long) bytes.position() << 48));
          }
          try (PreparedWrite prepared = store.prepare(block * BLOCK, bytes.flip())) {
            store.write(map, prepared);
          }
        });
  }

  private static long group(SplittableRandom random) {
    return (long) random.nextInt(4) * Relocation.GROUP_BLOCKS;
  }

  private void read(SplittableRandom random, boolean ofSource) {
    if (random.nextInt(3) == 0) {
      readPinned(random, ofSource);
      return;
    }
    int count = 1 + random.nextInt(8);
    ByteBuffer bytes = ByteBuffer.allocate(count * BLOCK).order(ByteOrder.LITTLE_ENDIAN);
    store.read(ofSource ? source : clone, (long) random.nextInt(BLOCKS) * BLOCK, bytes);
    for (int i = 0; i < count; i++) {
      check(bytes, i * BLOCK, ofSource, clonedAt);
    }
    reads.incrementAndGet();
  }

  private void readPinned(SplittableRandom random, boolean ofSource) {
    if (random.nextBoolean()) {
      lookTwice(alone, group(random), Relocation.GROUP_BLOCKS, true);
    } else {
      FileMap map = ofSource ? source : clone;
      lookTwice(map, random.nextInt(BLOCKS), 1 + random.nextInt(3), ofSource);
    }
  }

  /** What is pinned stays as it is, although it is looked at twice. */
  private void lookTwice(FileMap map, long from, int blocks, boolean ofSource) {
    try (PinnedBytes pinned = store.pin(map, from * BLOCK, blocks * BLOCK)) {
      if (pinned == null) {
        return; // some of it is one repeated word, or is being overwritten
      }
      long cloned = clonedAt;
      for (int look = 0; look < 2; look++) {
        for (int piece = 0; piece < pinned.pieceCount(); piece++) {
          ByteBuffer bytes = pinned.memory(piece).duplicate().order(ByteOrder.LITTLE_ENDIAN);
          int at = pinned.position(piece);
          for (int i = 0; i < pinned.lengthBytes(piece); i += BLOCK) {
            check(bytes, at + i, ofSource, cloned);
          }
        }
        Thread.onSpinWait();
      }
    }
    pins.incrementAndGet();
  }

  private static void check(ByteBuffer bytes, int at, boolean ofSource, long clonedAt) {
    long tag = bytes.getLong(at);
    boolean uniform = (tag & 1) == 1;
    for (int i = 0; i < BLOCK; i += Long.BYTES) {
      long expected = tag == 0 || uniform ? tag : tag ^ ((long) i << 48);
      if (bytes.getLong(at + i) != expected) {
        throw new AssertionError("torn block: " + tag + " at " + i);
      }
    }
    long writer = (tag >>> 1) & 3;
    if (tag == 0) {
      return;
    }
    if (ofSource && writer != SOURCE) {
      throw new AssertionError("the source shows what the clone wrote");
    }
    if (!ofSource && writer == SOURCE && tag >>> 3 > clonedAt) {
      throw new AssertionError("the clone shows what the source wrote after the last clone");
    }
  }
}
