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

  /** Three slabs are wanted in one piece, but what is left is one byte too little for them. */
  @Test
  void aPieceIsNoLargerThanWhatIsLeft() {
    int slots = 1 << 10;
    long slab = (long) slots * (BLOCK + 2 * Integer.BYTES);
    int alignment = 64; // of each piece
    DirectMemory memory = new DirectMemory(9 * slab + 6L * alignment - 1); // 1, 1, 1, 1 and 2 are 6
    PayloadArena arena = new PayloadArena(memory, new Epochs());
    int all = 8 * slots - 1; // 0 is no slot
    for (int i = 0; i < all; i++) {
      arena.allocate(new long[1], new boolean[] {true}, 1);
    }
    assertThat(arena.slotsInUse()).isEqualTo(all);
    arena.close();
    assertThat(memory.bytes()).isZero();
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
