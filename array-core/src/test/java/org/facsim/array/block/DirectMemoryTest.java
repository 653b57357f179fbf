/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.block.BlockStoreFixture.BLOCK;
import static org.facsim.array.block.BlockStoreFixture.noise;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.memory.DirectMemory;
import org.facsim.array.block.memory.Epochs;
import org.facsim.array.block.memory.HugePages;
import org.facsim.array.block.payload.PayloadArena;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The host's memory ends before the array's capacity does. */
class DirectMemoryTest {
  private static final long MEBIBYTE = 1 << 20;

  @Test
  void exhaustionIsNoSpaceAndLosesNothing() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(1 << 20, 8 * MEBIBYTE)) {
      FileMap map = fixture.file();
      long written = 0;
      ArrayException refusal = null;
      while (refusal == null) {
        try {
          fixture.write(map, written * 16, noise(written, 16));
          written++;
        } catch (ArrayException e) {
          refusal = e;
        }
      }
      assertThat(refusal.error()).isEqualTo(ArrayError.NO_SPACE);
      assertThat(refusal).hasMessageContaining("host memory").hasMessageContaining("-XX:");
      assertThat(written).isBetween(50L, 128L);
      assertThat(map.referencedBlocks()).isEqualTo(written * 16);
      assertThat(fixture.pool.payload().slotsInUse()).isEqualTo(written * 16);
      assertThat(fixture.read(map, 0)).isEqualTo(java.util.Arrays.copyOf(noise(0, 16), BLOCK));
      fixture.assertSound();
      fixture.release(map);
      fixture.store.awaitReclaim();
      fixture.write(fixture.file(), 0, noise(1, 16));
    }
  }

  /** Nodes, entries and payload run out at different operations, depending on the limit. */
  @ParameterizedTest
  @ValueSource(longs = {2, 3, 4, 5, 6})
  void everyRefusedOperationChangesNothing(long mebibytes) {
    try (BlockStoreFixture fixture = new BlockStoreFixture(1 << 20, mebibytes * MEBIBYTE)) {
      SplittableRandom random = new SplittableRandom(mebibytes);
      List<FileMap> maps = new ArrayList<>();
      int refused = 0;
      for (int i = 0; i < 6000 && refused < 300; i++) {
        long used = fixture.store.figures().usedBlocks();
        long referenced = fixture.store.figures().referencedBlocks();
        try {
          step(fixture, maps, random);
        } catch (ArrayException e) {
          assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE);
          assertThat(fixture.store.figures().usedBlocks()).isLessThanOrEqualTo(used);
          assertThat(fixture.store.figures().referencedBlocks()).isEqualTo(referenced);
          refused++;
        }
      }
      assertThat(refused).isPositive();
      fixture.assertSound();
      maps.forEach(fixture::release);
      fixture.store.awaitReclaim();
      assertThat(fixture.store.ledger().nodes.inUse()).isZero();
      assertThat(fixture.store.ledger().blocks.inUse()).isZero();
      assertThat(fixture.pool.payload().slotsInUse()).isZero();
    }
  }

  /** Seven slabs are wanted in one piece, but what is left is one byte too little for it. */
  @Test
  void aPieceIsNoLargerThanWhatIsLeft() {
    int slots = 1 << 8;
    int slab = slots * (BLOCK + 2 * Integer.BYTES);
    int alignment = 64; // of each piece
    int alone = 8; // slabs, before there is enough for a piece of several
    int piece = (8 << 20) - (4 << 10);
    DirectMemory memory = new DirectMemory((long) alone * (slab + alignment) + piece - 1);
    PayloadArena arena = new PayloadArena(memory, new Epochs());
    int all = (alone + piece / (slab + alignment)) * slots - 1; // 0 is no slot
    for (int i = 0; i < all; i++) {
      arena.allocate(new long[1], new boolean[] {true}, 1);
    }
    assertThat(arena.slotsInUse()).isEqualTo(all);
    assertThat(memory.bytes()).isEqualTo((alone + piece / (slab + alignment)) * (slab + 64L));
    arena.close();
    assertThat(memory.bytes()).isZero();
  }

  /** Linux aligns it then, see {@link HugePages}; the header of the C library is in it. */
  @Test
  void largePiecesAreWholeHugePagesLessASmallOne() {
    int slab = (1 << 8) * (BLOCK + 2 * Integer.BYTES);
    DirectMemory memory = new DirectMemory(Long.MAX_VALUE);
    PayloadArena arena = new PayloadArena(memory, new Epochs());
    long before = 0;
    List<Long> pieces = new ArrayList<>();
    while (memory.bytes() < 256L << 20) {
      arena.allocate(new long[1], new boolean[] {true}, 1);
      if (memory.bytes() != before) {
        pieces.add(memory.bytes() - before);
        before = memory.bytes();
      }
    }
    arena.close();
    assertThat(pieces.subList(0, 8)).containsOnly(slab + 64L);
    assertThat(pieces.subList(8, pieces.size()))
        .allMatch(bytes -> (bytes + (4 << 10)) % (2 << 20) == 0)
        .isSorted();
    assertThat(pieces).last().isEqualTo((32L << 20) - (4 << 10));
  }

  /** A table of entries begins with one slab, and no piece is mostly left over. */
  @Test
  void aSmallTableBeginsSmallAndNoPieceIsMuchLargerThanItsSlabs() {
    for (int slab : new int[] {20 << 13, 2080 << 7, 4104 << 8}) {
      assertThat(HugePages.slabs(slab, 0)).isOne();
      for (long present = 0; present < 1L << 31; present = present * 2 + slab) {
        int bytes = HugePages.slabs(slab, present) * slab;
        if (bytes > slab) {
          assertThat(HugePages.pieceBytes(bytes)).isBetween(bytes, bytes / 7 * 8);
          assertThat(HugePages.pieceBytes(bytes)).isLessThanOrEqualTo(32 << 20);
        }
      }
      assertThat(HugePages.slabs(slab, 1L << 30)).isGreaterThan(7);
    }
  }

  private static void step(BlockStoreFixture fixture, List<FileMap> maps, SplittableRandom random) {
    if (maps.size() < 4) {
      maps.add(fixture.file());
    }
    FileMap map = maps.get(random.nextInt(maps.size()));
    FileMap other = maps.get(random.nextInt(maps.size()));
    long block = random.nextLong(1 << 18);
    switch (random.nextInt(4)) {
      case 0 -> fixture.write(map, block, noise(1, 3));
      case 1 -> fixture.write(map, block, new byte[300 * BLOCK]);
      case 2 ->
          fixture.locked(() -> fixture.store.holes().punchHole(map, block * BLOCK + 7, 3 * BLOCK));
      default -> {
        if (map != other) {
          fixture.locked(
              () ->
                  fixture.store.sharing().cloneRange(map, 0, other, 3 * BLOCK, (1L << 18) * BLOCK));
        }
      }
    }
  }
}
