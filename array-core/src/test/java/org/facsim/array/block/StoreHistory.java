/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.payload.ArenaRoom;
import org.facsim.array.block.payload.PinnedBytes;

/**
 * One random history, played on the store and on {@link VolumeModel}; after each step contents and
 * figures are compared and the store is recounted.
 */
final class StoreHistory {
  private static final int BLOCK = BlockStore.BLOCK_BYTES;
  private static final int MAX_FILES = 6;
  private static final int MAX_READERS = 4;

  /** Where the interesting blocks are: at 0 and where the tree gets a level higher. */
  private static final long[] PLACES = {0, 0, 240, (1 << 16) - 8, (1 << 24) - 260};

  private final SplittableRandom random;
  private final int displacedPercent;
  private BlockPool pool;
  private BlockStore store;
  private final VolumeModel model;
  private final List<FileMap> maps = new ArrayList<>();
  private final List<FrozenReader> readers = new ArrayList<>();
  private final DurableVolume home;
  private String step = "";
  int refused;

  /** How many groups were moved side by side; known in the end. */
  long movedGroups;

  StoreHistory(long seed, int displacedPercent, long limitBlocks) {
    this(seed, displacedPercent, limitBlocks, null);
  }

  /**
   * @param home where the store is opened again from time to time, or null for one in memory
   */
  StoreHistory(long seed, int displacedPercent, long limitBlocks, DurableVolume home) {
    this.random = new SplittableRandom(seed);
    this.displacedPercent = displacedPercent;
    this.pool = new BlockPool(1 << 20);
    this.home = home;
    this.store = home == null ? new BlockStore(pool, limitBlocks) : home.open(pool, limitBlocks);
    this.model = new VolumeModel(limitBlocks);
  }

  void play(int steps) {
    for (int i = 0; i < steps; i++) {
      store.lock().lock();
      try {
        act();
        observe();
        compare();
      } catch (Throwable e) {
        throw new AssertionError("step " + i + ": " + step, e);
      } finally {
        store.lock().unlock();
      }
      if (home != null && random.nextInt(5) == 0) {
        commit();
      }
    }
  }

  /** Makes all durable; sometimes opens the store again, with what the disk holds now. */
  private void commit() {
    store.lock().lock();
    try {
      home.commit(store);
    } finally {
      store.lock().unlock();
    }
    if (random.nextInt(3) > 0) {
      return;
    }
    readers.forEach(FrozenReader::thaw);
    readers.clear();
    pool.close();
    home.failPower();
    pool = new BlockPool(1 << 20);
    store = home.open(pool, model.limit);
    List<FileMap> opened = DurableVolume.mapsOf(store, maps);
    maps.clear();
    maps.addAll(opened);
    store.lock().lock();
    try {
      assertThat(StoreAudit.of(store)).as("audit after opening").isEmpty();
    } finally {
      store.lock().unlock();
    }
  }

  /** Stops readers in mid-air, lets others go on. */
  private void observe() {
    readers.forEach(FrozenReader::observe);
    if (readers.size() < MAX_READERS && !maps.isEmpty() && random.nextInt(4) == 0) {
      int file = random.nextInt(maps.size());
      readers.add(
          new FrozenReader(
              store, model, maps.get(file), model.files.get(file), place(), random.split()));
    } else if (!readers.isEmpty() && random.nextInt(8) == 0) {
      readers.remove(random.nextInt(readers.size())).thaw();
    }
  }

  /** Deletes everything and looks for leaks. */
  void end() {
    readers.forEach(FrozenReader::thaw);
    store.lock().lock();
    try {
      movedGroups = store.relocation().movedGroups();
      maps.forEach(store::release);
    } finally {
      store.lock().unlock();
    }
    store.awaitReclaim();
    assertThat(store.figures().usedBlocks()).isZero();
    assertThat(store.figures().reservedBlocks()).isZero();
    assertThat(store.ledger().nodes.inUse()).isZero();
    assertThat(store.ledger().blocks.inUse()).isZero();
    assertThat(store.ledger().payload.slotsInUse()).isZero();
    assertThat(pool.freeBlocks()).isEqualTo(pool.capacityBlocks());
    pool.close();
    assertThat(pool.directBytes()).isZero();
  }

  private void act() {
    if (maps.isEmpty() || (maps.size() < MAX_FILES && random.nextInt(12) == 0)) {
      step = "create";
      maps.add(store.newMap());
      model.create();
      return;
    }
    int file = random.nextInt(maps.size());
    int other = random.nextInt(maps.size());
    switch (random.nextInt(25)) {
      case 0, 1, 2, 3, 4, 5, 6 -> write(file);
      case 7 -> truncate(file);
      case 8, 9 -> punch(file);
      case 10, 11 -> cloneWhole(file, other);
      case 12, 13, 14, 15 -> cloneRange(file, other);
      case 16, 17 -> reserve(file);
      case 18 -> unreserve(file);
      case 19, 20, 21 -> visit(file);
      case 22, 23 -> writeRoom(file);
      default -> release(file);
    }
  }

  private long place() {
    return PLACES[random.nextInt(PLACES.length)] + random.nextInt(16);
  }

  private void write(int file) {
    long offset = place() * BLOCK;
    int length = (1 + random.nextInt(12)) * BLOCK;
    if (random.nextInt(3) == 0) {
      offset += random.nextInt(BLOCK);
      length = 1 + random.nextInt(3 * BLOCK);
    }
    byte[] bytes = new byte[length];
    if (random.nextBoolean()) {
      random.nextBytes(bytes);
    } else {
      long word = random.nextInt(4) == 0 ? 0 : random.nextLong();
      for (int i = 0; i < length; i++) {
        bytes[i] = (byte) (word >>> (8 * ((offset + i) % 8)));
      }
    }
    step = "write file %d, %d bytes at %d".formatted(file, length, offset);
    try (PreparedWrite prepared = store.prepare(offset, ByteBuffer.wrap(bytes))) {
      long at = offset;
      tried(
          model.write(model.files.get(file), at, bytes),
          () -> store.write(maps.get(file), prepared));
    }
  }

  /** Through a room, if the array makes one: then without a copy. */
  private void writeRoom(int file) {
    long offset = place() * BLOCK + (random.nextInt(4) == 0 ? random.nextInt(BLOCK) : 0);
    byte[] bytes = new byte[(16 + random.nextInt(30)) * BLOCK];
    random.nextBytes(bytes);
    int words = random.nextInt(20) * BLOCK;
    Arrays.fill(bytes, 4 * BLOCK, 4 * BLOCK + Math.min(words, bytes.length - 4 * BLOCK), (byte) 5);
    step = "write file %d from a room, %d bytes at %d".formatted(file, bytes.length, offset);
    try (ArenaRoom room = pool.room(bytes.length)) {
      room.memory().put(0, bytes);
      try (PreparedWrite prepared = store.prepare(offset, room)) {
        tried(
            model.write(model.files.get(file), offset, bytes),
            () -> store.write(maps.get(file), prepared));
      }
    }
  }

  /**
   * Reads three groups twice, after small writes that scatter one of them if nobody shares it, so
   * that its blocks move. Sometimes somebody has one of the blocks pinned.
   */
  private void visit(int file) {
    long group = place() / Relocation.GROUP_BLOCKS;
    long first = Math.max(0, group - 1) * Relocation.GROUP_BLOCKS;
    step = "visit file %d at block %d".formatted(file, first);
    FileMap map = maps.get(file);
    for (int i = Relocation.GROUP_BLOCKS - 1; i >= 0; i--) {
      byte[] bytes = new byte[BLOCK];
      random.nextBytes(bytes);
      long offset = (first + Relocation.GROUP_BLOCKS + i) * BLOCK;
      if (model.write(model.files.get(file), offset, bytes)) {
        try (PreparedWrite prepared = store.prepare(offset, ByteBuffer.wrap(bytes))) {
          store.write(map, prepared);
        }
      }
      readers.forEach(FrozenReader::observe);
    }
    long pinnedBlock = first + random.nextInt(3 * Relocation.GROUP_BLOCKS);
    PinnedBytes pinned = random.nextInt(3) == 0 ? store.pin(map, pinnedBlock * BLOCK, BLOCK) : null;
    for (int round = 0; round < 2; round++) {
      PinnedBytes visited = store.pin(map, first * BLOCK, 3 * Relocation.GROUP_BYTES);
      if (visited != null) {
        comparePinned(visited, file, first);
        visited.close();
      }
    }
    if (pinned != null) {
      comparePinned(pinned, file, pinnedBlock);
      pinned.close();
    }
  }

  private void comparePinned(PinnedBytes seen, int file, long firstBlock) {
    long block = firstBlock;
    for (int piece = 0; piece < seen.pieceCount(); piece++) {
      for (int at = 0; at < seen.lengthBytes(piece); at += BLOCK) {
        ByteBuffer bytes = seen.memory(piece).duplicate().clear();
        bytes.limit(seen.position(piece) + at + BLOCK).position(seen.position(piece) + at);
        byte[] expected = model.contentOf(model.files.get(file), block);
        assertThat(bytes.mismatch(ByteBuffer.wrap(expected))).as("block %d", block).isEqualTo(-1);
        block++;
      }
    }
  }

  private void truncate(int file) {
    VolumeModel.File target = model.files.get(file);
    long before = target.size;
    long size = random.nextInt(4) == 0 ? 0 : place() * BLOCK + random.nextInt(BLOCK);
    step = "truncate file %d from %d to %d".formatted(file, before, size);
    tried(model.truncate(target, size), () -> store.holes().truncate(maps.get(file), before, size));
  }

  private void punch(int file) {
    long offset = place() * BLOCK + (random.nextBoolean() ? random.nextInt(BLOCK) : 0);
    long length =
        random.nextInt(6) == 0 ? 1L << (16 + random.nextInt(16)) : random.nextInt(9 * BLOCK);
    step = "punch file %d, %d bytes at %d".formatted(file, length, offset);
    tried(
        model.punch(model.files.get(file), offset, length),
        () -> store.holes().punchHole(maps.get(file), offset, length));
  }

  private void cloneWhole(int source, int destination) {
    if (source == destination) {
      return;
    }
    step = "clone file %d to %d".formatted(source, destination);
    store.sharing().cloneWhole(maps.get(source), maps.get(destination));
    model.cloneWhole(model.files.get(source), model.files.get(destination));
  }

  private void cloneRange(int source, int destination) {
    long from = place();
    long count = random.nextInt(4) == 0 ? 1L << random.nextInt(25) : 1 + random.nextInt(50);
    if (random.nextInt(4) == 0) {
      from &= -256;
      count = (count + 255) & -256;
    }
    long to = from;
    if (random.nextInt(100) < displacedPercent) {
      to = random.nextInt(5) == 0 ? from + 256L * (1 + random.nextInt(3)) : place();
    }
    if (source == destination && Math.abs(from - to) < count) {
      return;
    }
    step =
        "clone %d blocks at %d of file %d to %d of file %d"
            .formatted(count, from, source, to, destination);
    store
        .sharing()
        .cloneRange(
            maps.get(source), from * BLOCK, maps.get(destination), to * BLOCK, count * BLOCK);
    model.cloneRange(model.files.get(source), from, model.files.get(destination), to, count);
  }

  private void reserve(int file) {
    long first = place();
    long end = first + 1 + random.nextInt(30);
    boolean eagerly = random.nextInt(3) == 0;
    step = "reserve %d to %d of file %d, eagerly: %b".formatted(first, end, file, eagerly);
    tried(
        model.reserve(model.files.get(file), first, end, eagerly),
        () ->
            store
                .reservations()
                .reserve(maps.get(file), first * BLOCK, (end - first) * BLOCK, eagerly));
  }

  private void unreserve(int file) {
    long first = place();
    long end = first + 1 + random.nextInt(60);
    step = "unreserve %d to %d of file %d".formatted(first, end, file);
    store.reservations().unreserve(maps.get(file), first * BLOCK, (end - first) * BLOCK);
    model.files.get(file).promised.subSet(first, end).clear();
  }

  private void release(int file) {
    step = "release file " + file;
    store.release(maps.remove(file));
    model.release(model.files.get(file));
  }

  private void tried(boolean fits, Runnable action) {
    if (fits) {
      action.run();
      return;
    }
    refused++;
    step += " (refused)";
    try {
      action.run();
    } catch (ArrayException e) {
      assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE);
      return;
    }
    throw new AssertionError("fits more than the limit");
  }

  // ---------------------------------------------------------------- comparison

  private void compare() {
    assertThat(StoreAudit.of(store)).as("audit").isEmpty();
    VolumeModel.Figures figures = model.figures();
    if (random.nextInt(4) == 0) {
      assertThat(store.figures().usedBlocks()).isGreaterThanOrEqualTo(figures.used());
      for (int i = 0; i < maps.size(); i++) {
        VolumeModel.File file = model.files.get(i);
        assertThat(store.figures().exclusiveBlocks(maps.get(i)))
            .isLessThanOrEqualTo(figures.exclusive(file));
        assertThat(maps.get(i).chargedBlocks()).isGreaterThanOrEqualTo(figures.charged(file));
      }
    } else {
      store.awaitReclaim();
      compareFigures(figures);
      assertThat(StoreAudit.of(store)).as("audit after reclaim").isEmpty();
    }
    compareContents();
  }

  private void compareFigures(VolumeModel.Figures figures) {
    assertThat(store.figures().reclaimPendingBlocks()).isZero();
    assertThat(store.figures().usedBlocks()).as("used").isEqualTo(figures.used());
    assertThat(store.figures().reservedBlocks()).as("reserved").isEqualTo(figures.promised());
    assertThat(store.figures().referencedBlocks()).as("referenced").isEqualTo(figures.referenced());
    assertThat(store.figures().retainedBlocks()).as("retained").isEqualTo(figures.retained());
    assertThat(store.figures().freeBlocks())
        .isEqualTo(model.limit - figures.used() - figures.promised());
    assertThat(pool.freeBlocks())
        .isEqualTo(pool.capacityBlocks() - figures.used() - figures.promised());
    for (int i = 0; i < maps.size(); i++) {
      FileMap map = maps.get(i);
      VolumeModel.File file = model.files.get(i);
      assertThat(map.referencedBlocks()).as("referenced by %d", i).isEqualTo(file.blocks.size());
      assertThat(store.figures().liveBlocks(map))
          .as("live of %d", i)
          .isEqualTo(VolumeModel.live(file));
      assertThat(map.chargedBlocks()).as("charged to %d", i).isEqualTo(figures.charged(file));
      assertThat(map.reservedBlocks()).as("reserved for %d", i).isEqualTo(file.promised.size());
      assertThat(store.figures().exclusiveBlocks(map))
          .as("exclusive %d", i)
          .isEqualTo(figures.exclusive(file));
    }
  }

  private void compareContents() {
    for (int i = 0; i < maps.size(); i++) {
      VolumeModel.File file = model.files.get(i);
      int length = 30 * BLOCK;
      for (int round = 0; round < 2; round++) {
        long offset = place() * BLOCK + (round == 0 ? 0 : random.nextInt(BLOCK));
        ByteBuffer seen =
            random.nextBoolean() ? ByteBuffer.allocate(length) : ByteBuffer.allocateDirect(length);
        store.read(maps.get(i), offset, seen);
        seen.flip();
        ByteBuffer expected = ByteBuffer.allocate(length + BLOCK);
        for (long number = offset / BLOCK; expected.hasRemaining(); number++) {
          expected.put(model.contentOf(file, number));
        }
        expected.position((int) (offset % BLOCK)).limit((int) (offset % BLOCK) + length);
        assertThat(seen.mismatch(expected)).as("contents of %d at %d", i, offset).isEqualTo(-1);
      }
      compareSeek(i, file);
    }
  }

  private void compareSeek(int i, VolumeModel.File file) {
    long size = file.size;
    long offset = place() * BLOCK + random.nextInt(BLOCK);
    Long data = file.blocks.ceilingKey(offset / BLOCK);
    boolean none = data == null || data * BLOCK >= size || offset >= size;
    assertThat(store.holes().seekData(maps.get(i), offset, size))
        .as("data in %d from %d", i, offset)
        .isEqualTo(none ? -1 : Math.max(offset, data * BLOCK));
    long hole = offset / BLOCK;
    while (file.blocks.containsKey(hole)) {
      hole++;
    }
    assertThat(store.holes().seekHole(maps.get(i), offset, size))
        .as("hole in %d from %d", i, offset)
        .isEqualTo(Math.min(size, Math.max(offset, hole * BLOCK)));
  }
}
