/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.array.block.BlockStoreFixture.BLOCK;
import static org.facsim.array.block.BlockStoreFixture.noise;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.payload.PinnedBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Private blocks in memory are overwritten where they are, and nobody sees half of one. */
class OverwriteTest {
  private static final long MEBIBYTE = 1 << 20;

  private final BlockStoreFixture fixture = new BlockStoreFixture(1 << 20);
  private final BlockStore store = fixture.store;

  @AfterEach
  void close() {
    fixture.close();
  }

  private int slotOf(FileMap map, long block) {
    return (int) store.ledger().blocks.value((int) store.reader().find(map.root(), block));
  }

  private static byte[] bytes(PinnedBytes pinned) {
    byte[] all = new byte[pinned.lengthBytes(0)];
    pinned.memory(0).get(pinned.position(0), all);
    return all;
  }

  /** A block whose every byte but one is this; the other one keeps it from being a single word. */
  private static byte[] generation(int number) {
    byte[] bytes = new byte[BLOCK];
    Arrays.fill(bytes, (byte) number);
    bytes[BLOCK / 2] = (byte) (number + 1);
    return bytes;
  }

  @Test
  void aPrivateBlockKeepsItsSlot() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 8));
    int slot = slotOf(map, 3);
    int end = fixture.pool.payload().endId();
    for (int i = 0; i < 500; i++) {
      fixture.write(map, 3, noise(i, 1));
    }
    assertThat(slotOf(map, 3)).isEqualTo(slot);
    assertThat(fixture.pool.payload().endId()).isEqualTo(end);
    assertThat(fixture.read(map, 3)).isEqualTo(noise(499, 1));
    assertThat(fixture.read(map, 4))
        .isEqualTo(Arrays.copyOfRange(noise(1, 8), 4 * BLOCK, 5 * BLOCK));
    fixture.assertSound();
  }

  @Test
  void someBlocksOfAWriteAreOverwrittenAndOthersAreNew() {
    FileMap map = fixture.file();
    fixture.write(map, 1, noise(1, 2));
    int slot = slotOf(map, 2);
    byte[] mixed = noise(2, 4);
    Arrays.fill(mixed, BLOCK, 2 * BLOCK, (byte) 7); // the second one becomes a word
    fixture.write(map, 0, mixed);
    assertThat(slotOf(map, 2)).isEqualTo(slot);
    for (int i = 0; i < 4; i++) {
      assertThat(fixture.read(map, i))
          .isEqualTo(Arrays.copyOfRange(mixed, i * BLOCK, (i + 1) * BLOCK));
    }
    assertThat(fixture.pool.payload().slotsInUse()).isEqualTo(3);
    fixture.assertSound();
  }

  @Test
  void aSharedBlockIsNotOverwritten() {
    FileMap source = fixture.file();
    fixture.write(source, 0, noise(1, 2));
    FileMap clone = fixture.cloneOf(source);
    fixture.write(source, 0, noise(2, 1));
    fixture.write(clone, 1, noise(3, 1));
    assertThat(fixture.read(clone, 0)).isEqualTo(noise(1, 1));
    assertThat(fixture.read(source, 1))
        .isEqualTo(Arrays.copyOfRange(noise(1, 2), BLOCK, 2 * BLOCK));
    fixture.assertSound();
  }

  @Test
  void aPinnedBlockIsReplaced() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 1));
    int slot = slotOf(map, 0);
    PinnedBytes pinned = store.pin(map, 0, BLOCK);
    fixture.write(map, 0, noise(2, 1));
    assertThat(slotOf(map, 0)).isNotEqualTo(slot);
    assertThat(bytes(pinned)).isEqualTo(noise(1, 1));
    pinned.close();
    fixture.assertSound();
  }

  @Test
  void whileABlockIsOverwrittenNobodyPinsItAndWhoeverCopiesItWaits() throws Exception {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 1));
    int slot = slotOf(map, 0);
    var payload = fixture.pool.payload();
    assertThat(payload.beginOverwrite(slot)).isTrue();
    assertThat(payload.beginOverwrite(slot)).as("twice").isFalse();
    assertThat(store.pin(map, 0, BLOCK)).isNull();
    CompletableFuture<byte[]> copy = CompletableFuture.supplyAsync(() -> fixture.read(map, 0));
    payload.overwrite(slot, ByteBuffer.wrap(noise(2, 1)), 0);
    assertThat(copy).isNotDone();
    payload.endOverwrite(slot);
    assertThat(copy.get(1, TimeUnit.MINUTES)).isEqualTo(noise(2, 1));
    store.pin(map, 0, BLOCK).close();
  }

  /** As full as it can be: a write that needs one more slot changes nothing, not even in place. */
  @Test
  void aRefusedWriteHasOverwrittenNothing() {
    try (BlockStoreFixture full = new BlockStoreFixture(1 << 20, 8 * MEBIBYTE)) {
      FileMap map = full.file();
      full.write(map, 1, noise(5, 1));
      long filled = 2;
      ArrayException refusal = null;
      while (refusal == null) {
        try {
          full.write(map, filled, noise(filled, 1));
          filled++;
        } catch (ArrayException e) {
          refusal = e;
        }
      }
      assertThatThrownBy(() -> full.write(map, 0, noise(6, 2))).isInstanceOf(ArrayException.class);
      assertThat(full.read(map, 1)).isEqualTo(noise(5, 1));
      full.store.pin(map, BLOCK, BLOCK).close(); // it can be pinned, so nobody overwrites it
      full.write(map, 1, noise(7, 1)); // needs nothing
      assertThat(full.read(map, 1)).isEqualTo(noise(7, 1));
      full.assertSound();
    }
  }

  @Test
  void aPreparedWriteThatIsClosedGivesBackNothing() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 1));
    PreparedWrite prepared = store.prepare(0, ByteBuffer.wrap(noise(2, 1)));
    prepared.close();
    assertThat(fixture.pool.payload().slotsInUse()).isEqualTo(1);
    assertThat(fixture.read(map, 0)).isEqualTo(noise(1, 1));
    fixture.assertSound();
  }

  /** Its file was truncated by somebody, or its memory was given back: nobody waits for ever. */
  @Test
  void aSourceThatCannotBeReadAnyMoreChangesNothing() {
    FileMap map = fixture.file();
    fixture.write(map, 1, noise(1, 1));
    long used = store.figures().usedBlocks();
    for (int first = 0; first < 2; first++) { // a new block and an old one, then the old one alone
      ByteBuffer source = ByteBuffer.wrap(noise(2, 2 - first));
      try (PreparedWrite prepared = store.prepare((long) first * BLOCK, source)) {
        source.limit(source.limit() - 1);
        assertThatThrownBy(() -> fixture.locked(() -> store.write(map, prepared)))
            .isInstanceOf(IndexOutOfBoundsException.class);
      }
      PinnedBytes pinned = store.pin(map, BLOCK, BLOCK);
      assertThat(pinned).as("pinned, so it is not being overwritten").isNotNull();
      pinned.close();
      assertThat(fixture.read(map, 1)).isEqualTo(noise(1, 1));
      assertThat(fixture.pool.payload().slotsInUse()).isEqualTo(1);
      assertThat(store.figures().usedBlocks()).isEqualTo(used);
      fixture.assertSound();
    }
  }

  /** Real threads: every copy and everything pinned is one generation, whole. */
  @Test
  void nobodySeesHalfABlock() throws Exception {
    FileMap map = fixture.file();
    fixture.write(map, 0, generation(0));
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<Long>> readers = new ArrayList<>();
    readers.add(threads.submit(() -> readAll(stop, () -> fixture.read(map, 0))));
    readers.add(threads.submit(() -> readAll(stop, () -> fixture.read(map, 0))));
    readers.add(threads.submit(() -> readAll(stop, () -> pinnedTwice(map))));
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(1500);
    int number = 0;
    while (System.nanoTime() < end) {
      fixture.write(map, 0, generation(++number));
    }
    stop.set(true);
    for (Future<Long> reader : readers) {
      assertThat(reader.get()).isPositive();
    }
    threads.shutdown();
    fixture.assertSound();
  }

  private interface Look {
    byte[] bytes();
  }

  private static long readAll(AtomicBoolean stop, Look look) {
    long looks = 0;
    while (!stop.get()) {
      byte[] seen = look.bytes();
      if (seen != null) {
        assertThat(Arrays.equals(seen, generation(seen[0]))).as("half a block").isTrue();
        looks++;
      }
    }
    return looks;
  }

  /** Null if it cannot be pinned just now. */
  private byte[] pinnedTwice(FileMap map) {
    try (PinnedBytes pinned = store.pin(map, 0, BLOCK)) {
      if (pinned == null) {
        return null;
      }
      byte[] seen = bytes(pinned);
      Thread.onSpinWait();
      assertThat(Arrays.equals(bytes(pinned), seen)).as("changed while it was pinned").isTrue();
      return seen;
    }
  }
}
