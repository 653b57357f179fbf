/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.array.block.BlockStoreFixture.BLOCK;
import static org.facsim.array.block.BlockStoreFixture.inLock;
import static org.facsim.array.block.BlockStoreFixture.noise;

import java.nio.ByteBuffer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.table.NodeTable;
import org.junit.jupiter.api.Test;

class BlockStoreTest {
  @Test
  void cloneCostsNothingUntilEitherSideWrites() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(1000)) {
      FileMap source = fixture.file();
      fixture.write(source, 0, noise(1, 300));
      FileMap clone = fixture.cloneOf(source);
      assertThat(fixture.store.figures().usedBlocks()).isEqualTo(300);
      assertThat(clone.chargedBlocks()).isZero();
      assertThat(clone.referencedBlocks()).isEqualTo(300);
      assertThat(fixture.exclusive(source)).isZero();

      fixture.write(clone, 7, noise(2, 1));
      fixture.write(source, 9, noise(3, 1));
      assertThat(fixture.read(source, 7)).isEqualTo(fixture.read(fixture.cloneOf(source), 7));
      assertThat(fixture.read(clone, 7)).isEqualTo(noise(2, 1));
      assertThat(fixture.read(source, 9)).isEqualTo(noise(3, 1));
      assertThat(clone.chargedBlocks()).isEqualTo(1);
      assertThat(source.chargedBlocks()).isEqualTo(301);
      assertThat(fixture.exclusive(clone)).isEqualTo(2);
      fixture.assertSound();
    }
  }

  @Test
  void deletedSourceStaysChargedUntilItsClonesLetGo() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(1000)) {
      FileMap source = fixture.file();
      fixture.write(source, 0, noise(1, 10));
      FileMap clone = fixture.cloneOf(source);
      fixture.release(source);
      assertThat(fixture.store.figures().retainedBlocks()).isEqualTo(10);
      assertThat(clone.chargedBlocks()).isZero();
      assertThat(fixture.exclusive(clone)).isEqualTo(10);
      fixture.write(clone, 0, noise(2, 4));
      assertThat(fixture.store.figures().retainedBlocks()).isEqualTo(6);
      assertThat(clone.chargedBlocks()).as("the charge follows the writer").isEqualTo(4);
      fixture.release(clone);
      fixture.store.awaitReclaim();
      assertThat(fixture.store.figures().retainedBlocks()).isZero();
      assertThat(fixture.store.figures().usedBlocks()).isZero();
    }
  }

  @Test
  void blockHeldTwiceByOneFileIsExclusiveToIt() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(1000)) {
      FileMap map = fixture.file();
      fixture.write(map, 0, noise(1, 5));
      fixture.locked(() -> fixture.store.sharing().cloneRange(map, 0, map, 10 * BLOCK, 5 * BLOCK));
      assertThat(map.referencedBlocks()).isEqualTo(10);
      assertThat(fixture.exclusive(map)).isEqualTo(5);
      FileMap clone = fixture.cloneOf(map);
      assertThat(fixture.exclusive(clone)).isZero();
      fixture.release(map);
      fixture.store.awaitReclaim();
      assertThat(fixture.exclusive(clone)).as("the clone inherits the flag").isEqualTo(5);
      FileMap part = fixture.file();
      fixture.locked(() -> fixture.store.sharing().cloneRange(clone, 0, part, 0, 20L * BLOCK));
      fixture.release(clone);
      fixture.store.awaitReclaim();
      assertThat(fixture.exclusive(part)).as("so does a range clone in place").isEqualTo(5);
      fixture.assertSound();
    }
  }

  @Test
  void writeAtTheLimitIsRefusedWholeAndOverwritesStillFit() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(10)) {
      FileMap map = fixture.file();
      fixture.write(map, 0, noise(1, 8));
      assertNoSpace(() -> fixture.write(map, 7, noise(2, 4)));
      assertThat(fixture.read(map, 7)).isNotEqualTo(noise(2, 1));
      assertThat(map.referencedBlocks()).isEqualTo(8);
      assertThat(fixture.pool.payload().slotsInUse()).isEqualTo(8);
      fixture.write(map, 7, noise(2, 3));
      fixture.write(map, 0, noise(3, 10));
      assertThat(fixture.store.figures().freeBlocks()).isZero();
      fixture.write(map, 3, new byte[BLOCK]); // to a word and back: no block more
      fixture.write(map, 3, noise(4, 1));
      FileMap clone = fixture.cloneOf(map);
      assertNoSpace(() -> fixture.write(clone, 0, noise(5, 1)));
      assertNoSpace(
          () -> fixture.locked(() -> fixture.store.holes().truncate(clone, 10 * BLOCK, 100)));
      fixture.release(map);
      fixture.write(clone, 0, noise(5, 1));
      fixture.assertSound();
    }
  }

  @Test
  void writeAfterADeleteFindsTheSpaceWithoutWaitingForTheReclaimer() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(2000)) {
      FileMap map = fixture.file();
      fixture.write(map, 0, noise(1, 2000));
      FileMap next = fixture.file();
      fixture.locked(
          () -> {
            fixture.store.release(map);
            try (PreparedWrite prepared =
                fixture.store.prepare(0, ByteBuffer.wrap(noise(2, 2000)))) {
              fixture.store.write(next, prepared);
            }
          });
      assertThat(next.chargedBlocks()).isEqualTo(2000);
    }
  }

  @Test
  void volumesShareTheArraysCapacity() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(100);
        BlockStore other = new BlockStore(fixture.pool, 80)) {
      FileMap map = fixture.file();
      fixture.write(map, 0, noise(1, 60));
      FileMap second = inLock(other, other::newMap);
      try (PreparedWrite tooMuch = other.prepare(0, ByteBuffer.wrap(noise(2, 41)));
          PreparedWrite fits = other.prepare(0, ByteBuffer.wrap(noise(2, 40)))) {
        assertNoSpace(() -> inLock(other, () -> write(other, second, tooMuch)));
        inLock(other, () -> write(other, second, fits));
      }
      assertThat(fixture.pool.freeBlocks()).isZero();
      assertThat(fixture.pool.usedBlocks()).isEqualTo(100);
    }
  }

  @Test
  void promisedBlocksAreSafeFromOthers() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(10)) {
      FileMap thick = fixture.file();
      fixture.locked(() -> fixture.store.reservations().reserve(thick, 0, 6 * BLOCK, false));
      fixture.locked(() -> fixture.store.reservations().reserve(thick, 0, 6 * BLOCK, false));
      assertThat(thick.reservedBlocks()).isEqualTo(6);
      FileMap thin = fixture.file();
      assertNoSpace(() -> fixture.write(thin, 0, noise(1, 5)));
      fixture.write(thin, 0, noise(1, 4));
      fixture.write(thick, 0, noise(2, 6));
      assertThat(thick.reservedBlocks()).isZero();
      assertThat(fixture.store.figures().usedBlocks()).isEqualTo(10);
      fixture.assertSound();
    }
  }

  @Test
  void eagerlyZeroedBlocksAreDataLazilyPromisedOnesAreHoles() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(100)) {
      FileMap map = fixture.file();
      fixture.locked(() -> fixture.store.reservations().reserve(map, 0, 4 * BLOCK, false));
      fixture.locked(() -> fixture.store.reservations().reserve(map, 8 * BLOCK, 4 * BLOCK, true));
      assertThat(fixture.store.holes().seekData(map, 0, 12 * BLOCK)).isEqualTo(8 * BLOCK);
      assertThat(fixture.store.holes().seekHole(map, 8 * BLOCK, 12 * BLOCK)).isEqualTo(12 * BLOCK);
      assertThat(map.referencedBlocks()).isEqualTo(4);
      assertThat(map.reservedBlocks()).isEqualTo(4);
      assertThat(fixture.read(map, 9)).isEqualTo(new byte[BLOCK]);
    }
  }

  @Test
  void partialWritesThatMakeABlockUniformFreeItsPayload() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(100)) {
      FileMap map = fixture.file();
      fixture.write(map, 0, noise(1, 1));
      byte[] sevens = new byte[512];
      java.util.Arrays.fill(sevens, (byte) 7);
      for (int at = 0; at < BLOCK; at += 512) {
        try (PreparedWrite prepared = fixture.store.prepare(at, ByteBuffer.wrap(sevens))) {
          fixture.locked(() -> fixture.store.write(map, prepared));
        }
      }
      assertThat(fixture.pool.payload().slotsInUse()).isZero();
      assertThat(fixture.read(map, 0)).containsOnly(7);
      fixture.assertSound();
    }
  }

  @Test
  void unwrittenPreparedBytesAreGivenBack() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(100)) {
      PreparedWrite prepared = fixture.store.prepare(5, ByteBuffer.wrap(noise(1, 3)));
      assertThat(fixture.pool.payload().slotsInUse()).isEqualTo(4);
      prepared.close();
      prepared.close();
      assertThat(fixture.pool.payload().slotsInUse()).isZero();
    }
  }

  @Test
  void preparedBytesMayOutliveTheArray() {
    BlockStoreFixture fixture = new BlockStoreFixture(100);
    PreparedWrite prepared = fixture.store.prepare(0, ByteBuffer.wrap(noise(1, 3)));
    fixture.close();
    prepared.close();
    assertThat(prepared.isDone()).isTrue();
  }

  @Test
  void mutationWithoutTheLockIsADefect() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(100)) {
      assertThatThrownBy(fixture.store::newMap).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void closedStoreRefusesReaders() {
    BlockStoreFixture fixture = new BlockStoreFixture(100);
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 1));
    fixture.close();
    assertThatThrownBy(() -> fixture.read(map, 0)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void sparseFileOfSixteenTebibytesCostsItsPathsOnly() {
    try (BlockStoreFixture fixture = new BlockStoreFixture(100)) {
      FileMap map = fixture.file();
      fixture.write(map, (1L << 32) - 1, noise(1, 1));
      assertThat(fixture.store.ledger().nodes.inUse()).isEqualTo(NodeTable.MAX_HEIGHT);
      assertThat(fixture.store.holes().seekData(map, 0, BlockStore.MAX_BYTES))
          .isEqualTo(BlockStore.MAX_BYTES - BLOCK);
      assertThatThrownBy(() -> fixture.write(map, 1L << 32, noise(1, 1)))
          .isInstanceOfSatisfying(
              ArrayException.class,
              e -> assertThat(e.error()).isEqualTo(ArrayError.FILE_TOO_LARGE));
    }
  }

  private static FileMap write(BlockStore store, FileMap map, PreparedWrite prepared) {
    store.write(map, prepared);
    return map;
  }

  private static void assertNoSpace(ThrowingCallable action) {
    assertThatThrownBy(action)
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE));
  }
}
