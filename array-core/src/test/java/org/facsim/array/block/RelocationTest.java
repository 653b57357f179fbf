/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.block.BlockStoreFixture.BLOCK;
import static org.facsim.array.block.BlockStoreFixture.noise;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.payload.ArenaRoom;
import org.facsim.array.block.payload.PinnedBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Scattered blocks lie side by side after the second visit in order, and nothing else changes. */
class RelocationTest {
  private static final int GROUP = Relocation.GROUP_BLOCKS;
  private static final int GROUPS = 8;
  private static final int BLOCKS = GROUPS * GROUP;

  private final BlockStoreFixture fixture = new BlockStoreFixture(1 << 20);
  private final BlockStore store = fixture.store;

  @AfterEach
  void close() {
    fixture.close();
  }

  /** Writes block by block in random order. */
  private static void scatter(BlockStoreFixture fixture, FileMap map, int blocks, int seed) {
    List<Integer> order = new ArrayList<>(IntStream.range(0, blocks).boxed().toList());
    Collections.shuffle(order, new Random(seed));
    order.forEach(block -> fixture.write(map, block, noise(seed + block, 1)));
  }

  private FileMap scattered() {
    FileMap map = fixture.file();
    scatter(fixture, map, BLOCKS, 1);
    return map;
  }

  /** Reads a range in requests of 64 KiB, and returns in how many pieces it lies. */
  private static int visit(BlockStore store, FileMap map, int blocks) {
    int pieces = 0;
    for (int block = 0; block < blocks; block += GROUP) {
      try (PinnedBytes pinned = store.pin(map, (long) block * BLOCK, GROUP * BLOCK)) {
        pieces += pinned.pieceCount();
      }
    }
    return pieces;
  }

  private int visit(FileMap map) {
    return visit(store, map, BLOCKS);
  }

  private int[] slots(FileMap map) {
    return IntStream.range(0, BLOCKS).map(block -> slotOf(map, block)).toArray();
  }

  private int slotOf(FileMap map, int block) {
    return (int) store.ledger().blocks.value((int) store.reader().find(map.root(), block));
  }

  private void assertContents(FileMap map, int seed) {
    for (int block = 0; block < BLOCKS; block++) {
      assertThat(fixture.read(map, block)).isEqualTo(noise(seed + block, 1));
    }
  }

  @Test
  void theSecondVisitBringsOrderAndChangesNoFigure() {
    FileMap map = scattered();
    List<Long> figures = figures(map);
    int[] before = slots(map);
    int first = visit(map);
    assertThat(first).isGreaterThan(BLOCKS / 2);
    assertThat(slots(map)).as("the first visit moves nothing").isEqualTo(before);
    assertThat(visit(map)).isEqualTo(GROUPS);
    assertThat(figures(map)).isEqualTo(figures);
    assertContents(map, 1);
    fixture.assertSound();
    int[] ordered = slots(map);
    visit(map);
    visit(map);
    assertThat(slots(map)).as("order is left alone").isEqualTo(ordered);
  }

  private List<Long> figures(FileMap map) {
    return fixture.locked(
        () ->
            List.of(
                store.figures().usedBlocks(),
                store.figures().freeBlocks(),
                store.figures().referencedBlocks(),
                store.figures().exclusiveBlocks(map),
                store.figures().liveBlocks(map),
                map.chargedBlocks(),
                map.referencedBlocks(),
                store.ledger().blocks.inUse(),
                store.ledger().nodes.inUse(),
                fixture.pool.payload().slotsInUse()));
  }

  /** One request for all of it, which begins and ends within a group. */
  @Test
  void onlyWholeGroupsOfAReadMove() {
    FileMap map = scattered();
    int[] before = slots(map);
    for (int i = 0; i < 2; i++) {
      store.pin(map, 5L * BLOCK + 7, (BLOCKS - 8) * BLOCK).close();
    }
    int[] after = slots(map);
    for (int block = 0; block < BLOCKS; block++) {
      if (block < GROUP || block >= BLOCKS - GROUP) {
        assertThat(after[block]).isEqualTo(before[block]);
      } else if (block % GROUP != 0) {
        assertThat(after[block]).isEqualTo(after[block - 1] + 1);
      }
    }
    assertContents(map, 1);
  }

  @Test
  void aBlockThatOthersHoldKeepsItsGroupWhereItIs() {
    FileMap map = scattered();
    FileMap clone = fixture.cloneOf(map);
    for (int block = 0; block < BLOCKS; block++) {
      if (block != GROUP) {
        fixture.write(clone, block, noise(1000 + block, 1)); // block 16 alone is still shared
      }
    }
    int[] before = slots(map);
    for (int i = 0; i < 4; i++) {
      visit(map);
    }
    int[] after = slots(map);
    assertThat(Arrays.copyOfRange(after, GROUP, 2 * GROUP))
        .isEqualTo(Arrays.copyOfRange(before, GROUP, 2 * GROUP));
    assertThat(after[GROUP - 1]).isEqualTo(after[0] + GROUP - 1);
    assertContents(map, 1);
    assertThat(fixture.read(clone, GROUP)).isEqualTo(noise(1 + GROUP, 1));
    fixture.assertSound();
  }

  @Test
  void aCloneThatWasOverwrittenAtRandomComesIntoOrderAndItsSourceStaysThere() {
    FileMap source = fixture.file();
    for (int block = 0; block < BLOCKS; block += GROUP) {
      fixture.write(source, block, noise(block, GROUP));
    }
    FileMap clone = fixture.cloneOf(source);
    scatter(fixture, clone, BLOCKS, 500);
    int[] before = slots(source);
    assertThat(visit(clone)).isGreaterThan(BLOCKS / 2);
    assertThat(visit(clone)).isEqualTo(GROUPS);
    assertContents(clone, 500);
    visit(source);
    visit(source);
    assertThat(slots(source)).isEqualTo(before);
    assertThat(fixture.read(source, 0)).isEqualTo(Arrays.copyOf(noise(0, GROUP), BLOCK));
    fixture.assertSound();
  }

  /** The peer that does not take its reply must not make the array hold its bytes twice. */
  @Test
  void aPinnedBlockKeepsItsGroupWhereItIsUntilItIsLetGo() {
    FileMap map = scattered();
    PinnedBytes pinned = store.pin(map, 3L * BLOCK, BLOCK);
    int[] before = slots(map);
    for (int i = 0; i < 4; i++) {
      visit(map);
    }
    assertThat(Arrays.copyOf(slots(map), GROUP)).isEqualTo(Arrays.copyOf(before, GROUP));
    assertThat(slotOf(map, BLOCKS - 1)).isEqualTo(slotOf(map, BLOCKS - GROUP) + GROUP - 1);
    pinned.close();
    visit(map);
    visit(map);
    assertThat(visit(map)).isEqualTo(GROUPS);
    fixture.assertSound();
  }

  @Test
  void aReaderDoesNotWaitForTheLock() throws Exception {
    FileMap map = scattered();
    visit(map);
    int[] before = slots(map);
    fixture.locked(
        () -> {
          CompletableFuture<Integer> other = CompletableFuture.supplyAsync(() -> visit(map));
          assertThat(other.orTimeout(1, TimeUnit.MINUTES).join()).isGreaterThan(BLOCKS / 2);
        });
    assertThat(slots(map)).isEqualTo(before);
    visit(map);
    assertThat(visit(map)).as("two visits later").isEqualTo(GROUPS);
  }

  /** It holds the number of a slot that was left since. Whatever is written, its bytes stay. */
  @Test
  void aReaderThatStoppedBeforeTheMoveReadsWhatItFound() {
    FileMap map = scattered();
    int ticket = store.epochs().enter();
    int[] before = slots(map);
    visit(map);
    visit(map);
    assertThat(slots(map)).isNotEqualTo(before);
    FileMap other = fixture.file();
    for (int round = 0; round < 4; round++) {
      scatter(fixture, other, 4 * BLOCKS, 9000 + round);
      scatter(fixture, map, BLOCKS, 7000 + round);
    }
    ByteBuffer seen = ByteBuffer.allocate(BLOCK);
    for (int block = 0; block < BLOCKS; block++) {
      assertThat(fixture.pool.payload().pin(before[block])).as("retired").isFalse();
      fixture.pool.payload().copyOut(before[block], 0, seen, 0, BLOCK);
      assertThat(seen.array()).isEqualTo(noise(1 + block, 1));
    }
    store.epochs().exit(ticket);
    fixture.assertSound();
  }

  @Test
  void wordsAndHolesStayAndTheRestOfAGroupMoves() {
    FileMap map = scattered();
    fixture.locked(() -> store.holes().punchHole(map, 4L * BLOCK, 3L * BLOCK));
    visit(map);
    assertThat(visit(map)).isEqualTo(GROUPS + 4); // before the hole, its blocks, behind it
    assertThat(fixture.read(map, 5)).isEqualTo(new byte[BLOCK]);
    assertThat(fixture.read(map, 7)).isEqualTo(noise(8, 1));
    fixture.assertSound();
  }

  /** What was left must not be missing when somebody writes. */
  @Test
  void nothingMovesWhenMemoryIsShort() {
    try (BlockStoreFixture small = new BlockStoreFixture(1 << 20, 20 << 20)) {
      FileMap map = small.file();
      scatter(small, map, 2560, 1); // 10 of 20 MiB, less what tables take
      long held = small.pool.directBytes();
      for (int i = 0; i < 6; i++) {
        assertThat(visit(small.store, map, 2560)).isGreaterThan(2560 / 2);
      }
      assertThat(small.pool.directBytes()).isEqualTo(held);
      assertThat(small.<Long>locked(() -> small.store.relocation().movedGroups())).isZero();
      small.assertSound();
    }
  }

  /** A file of 24 MiB in random order. Memory stays below twice its size and a piece. */
  @Test
  void orderCostsAtMostAsMuchMemoryAgain() {
    int blocks = 24 * 256;
    FileMap map = fixture.file();
    scatter(fixture, map, blocks, 1);
    int pieces = visit(store, map, blocks);
    for (int i = 0; i < 12; i++) {
      pieces = visit(store, map, blocks);
    }
    assertThat(pieces).isLessThan(2 * blocks / GROUP);
    assertThat(fixture.pool.payload().directBytes() >> 20).isLessThanOrEqualTo(2 * 24 + 16);
    assertThat(fixture.pool.payload().slotsInUse()).isEqualTo(blocks);
    fixture.assertSound();
  }

  /** More slots are free than in use, but nowhere are 16 of them side by side: nothing moves. */
  @Test
  void holesDoNotMakeMemoryGrowForMoves() {
    int blocks = 32 * 256;
    FileMap sieve = fixture.file();
    for (int block = 0; block < blocks; block += 256) {
      fixture.write(sieve, block, noise(block, 256));
    }
    for (long block = 0; block < blocks; block += 8) {
      long offset = (block + 1) * BLOCK;
      fixture.locked(() -> store.holes().punchHole(sieve, offset, 7L * BLOCK));
    }
    store.awaitReclaim();
    List<ArenaRoom> rooms = new ArrayList<>(); // they take what is left of the last piece
    for (ArenaRoom room = fixture.pool.room(Relocation.GROUP_BYTES);
        room != null && rooms.size() < blocks; ) {
      rooms.add(room);
      room = fixture.pool.room(Relocation.GROUP_BYTES);
    }
    FileMap map = scattered();
    int[] before = slots(map);
    long held = fixture.pool.payload().directBytes();
    for (int i = 0; i < 4; i++) {
      visit(map);
    }
    assertThat(slots(map)).isEqualTo(before);
    assertThat(fixture.pool.payload().directBytes()).isEqualTo(held);
    rooms.forEach(ArenaRoom::close);
    visit(map);
    assertThat(visit(map)).as("there are neighbours again").isEqualTo(GROUPS);
    fixture.assertSound();
  }

  /** Moves beside writes until memory ends: whatever fits without moves fits with them. */
  @Test
  void aVolumeThatMovesBlocksTakesAsMuchAsOneThatDoesNot() {
    assertThat(fills(true)).isEqualTo(fills(false));
  }

  private static int fills(boolean visits) {
    try (BlockStoreFixture small = new BlockStoreFixture(1 << 20, 24 << 20)) {
      FileMap map = small.file();
      for (int filled = 0; ; filled += GROUP) {
        try {
          for (int block = GROUP - 1; block >= 0; block--) {
            small.write(map, filled + block, noise(filled + block, 1));
          }
        } catch (ArrayException e) {
          assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE);
          small.assertSound();
          return filled;
        }
        for (int i = 0; i < 2 && visits; i++) {
          visit(small.store, map, filled + GROUP);
        }
      }
    }
  }
}
