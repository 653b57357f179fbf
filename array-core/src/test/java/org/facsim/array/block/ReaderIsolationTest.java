/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.block.BlockStoreFixture.noise;

import java.nio.ByteBuffer;
import org.facsim.array.block.ledger.FileMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Readers that were stopped between two loads, each in the place where it would hurt. */
class ReaderIsolationTest {
  private final BlockStoreFixture fixture = new BlockStoreFixture(1 << 20);
  private final BlockStore store = fixture.store;

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void readerAtABlockDoesNotSeeTheOtherFileWriteItInPlace() {
    FileMap source = fixture.file();
    fixture.write(source, 0, noise(1, 2));
    FileMap clone = fixture.cloneOf(source);
    fixture.write(clone, 1, noise(9, 1)); // the clone has a leaf of its own now
    store.epochs().awaitReaders(); // and nobody comes through the source's leaf for the clone
    int ticket = store.epochs().enter();
    long pointer = store.reader().find(clone.root(), 0);
    fixture.write(clone, 0, noise(2, 1));
    fixture.write(source, 0, noise(3, 1));
    assertThat(bytesAt(pointer)).isEqualTo(noise(1, 1));
    store.epochs().exit(ticket);
    assertThat(fixture.read(source, 0)).isEqualTo(noise(3, 1));
    fixture.assertSound();
  }

  @Test
  void readerAtARootDoesNotSeeTheOtherFileWriteBeneathIt() {
    FileMap source = fixture.file();
    fixture.write(source, 0, noise(1, 1));
    fixture.write(source, 300, noise(2, 1)); // two leaves under one root
    fixture.write(source, 70_000, noise(5, 1)); // and one level more
    FileMap clone = fixture.cloneOf(source);
    int ticket = store.epochs().enter();
    long root = clone.root();
    fixture.release(clone); // the tree is the source's alone now
    fixture.write(source, 300, noise(3, 1));
    fixture.write(source, 0, noise(4, 1));
    assertThat(bytesAt(store.reader().find(root, 300))).isEqualTo(noise(2, 1));
    assertThat(bytesAt(store.reader().find(root, 0))).isEqualTo(noise(1, 1));
    store.epochs().exit(ticket);
    assertThat(fixture.read(source, 300)).isEqualTo(noise(3, 1));
    assertThat(fixture.exclusive(source)).isEqualTo(3);
    fixture.assertSound();
  }

  @Test
  void readerAtAFreedBlockDoesNotSeeItsNextUse() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 1));
    int ticket = store.epochs().enter();
    long pointer = store.reader().find(map.root(), 0);
    fixture.release(map);
    store.awaitReclaim();
    FileMap next = fixture.file();
    fixture.write(next, 0, noise(2, 600));
    assertThat(bytesAt(pointer)).isEqualTo(noise(1, 1));
    store.epochs().exit(ticket);
  }

  @Test
  void readerAtAFreedTreeDoesNotSeeItsNextUse() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 300));
    int ticket = store.epochs().enter();
    long root = map.root();
    fixture.release(map);
    store.awaitReclaim();
    for (int i = 0; i < 5; i++) {
      fixture.write(fixture.file(), 0, noise(2 + i, 300));
    }
    assertThat(bytesAt(store.reader().find(root, 0))).isEqualTo(noise(1, 1));
    store.epochs().exit(ticket);
  }

  @Test
  void readerAtAReplacedPayloadKeepsIt() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 1));
    int ticket = store.epochs().enter();
    int slot = (int) store.ledger().blocks.value((int) store.reader().find(map.root(), 0));
    for (int i = 2; i < 300; i++) {
      fixture.write(map, 0, noise(i, 5)); // too many blocks to go where the old ones are
    }
    ByteBuffer seen = ByteBuffer.allocate(BlockStore.BLOCK_BYTES);
    fixture.pool.payload().copyOut(slot, 0, seen, 0, BlockStore.BLOCK_BYTES);
    assertThat(seen.array()).isEqualTo(noise(1, 1));
    store.epochs().exit(ticket);
  }

  @Test
  void slotsAreUsedAgainWhenReadersHaveLeft() {
    FileMap map = fixture.file();
    for (int i = 0; i < 2000; i++) {
      fixture.write(map, 0, noise(i, 5));
    }
    assertThat(fixture.pool.payload().endId()).isLessThan(1000);
  }

  private byte[] bytesAt(long pointer) {
    ByteBuffer seen = ByteBuffer.allocate(BlockStore.BLOCK_BYTES);
    store.reader().copyBlock(pointer, 0, seen, 0, BlockStore.BLOCK_BYTES);
    return seen.array();
  }
}
