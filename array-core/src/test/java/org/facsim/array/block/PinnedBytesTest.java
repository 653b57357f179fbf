/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.block.BlockStoreFixture.BLOCK;
import static org.facsim.array.block.BlockStoreFixture.noise;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.payload.PinnedBytes;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Bytes that a reader holds without a copy, and everything that may happen to them meanwhile. */
class PinnedBytesTest {
  /** Enough mutations to bring any slot back into use that is not kept from it. */
  private static final int CHURN = 2_000;

  private final BlockStoreFixture fixture = new BlockStoreFixture(1 << 20);
  private final BlockStore store = fixture.store;

  @AfterEach
  void close() {
    fixture.close();
  }

  private PinnedBytes pin(FileMap map, long block, int blocks) {
    return store.pin(map, block * BLOCK, blocks * BLOCK);
  }

  private static byte[] bytes(PinnedBytes pinned) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < pinned.pieceCount(); i++) {
      byte[] piece = new byte[pinned.lengthBytes(i)];
      pinned.memory(i).get(pinned.position(i), piece);
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  /** Overwrites more blocks at a time than go where the old ones are, so that slots go round. */
  private void churn() {
    FileMap other = fixture.file();
    for (int i = 0; i < CHURN / 5; i++) {
      fixture.write(other, i % 7, noise(1_000 + i, 5));
    }
    fixture.release(other);
    store.awaitReclaim();
  }

  private long slotsInUse() {
    return fixture.pool.payload().slotsInUse();
  }

  @Test
  void anOverwriteDoesNotChangeWhatIsPinned() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 20));
    PinnedBytes pinned = pin(map, 0, 20);
    fixture.write(map, 0, noise(2, 20));
    churn();
    assertThat(bytes(pinned)).isEqualTo(noise(1, 20));
    assertThat(fixture.read(map, 3))
        .isEqualTo(Arrays.copyOfRange(noise(2, 20), 3 * BLOCK, 4 * BLOCK));
    pinned.close();
    fixture.assertSound();
  }

  @Test
  void aPartialOverwriteDoesNotChangeWhatIsPinned() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 2));
    PinnedBytes pinned = pin(map, 0, 2);
    try (PreparedWrite few = store.prepare(100, ByteBuffer.wrap(new byte[5000]))) {
      fixture.locked(() -> store.write(map, few));
    }
    churn();
    assertThat(bytes(pinned)).isEqualTo(noise(1, 2));
    pinned.close();
  }

  @Test
  void cuttingOrReleasingTheFileDoesNotChangeWhatIsPinned() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 20));
    PinnedBytes pinned = pin(map, 0, 20);
    fixture.locked(() -> store.holes().truncate(map, 20 * BLOCK, 5 * BLOCK));
    fixture.release(map);
    store.awaitReclaim();
    churn();
    assertThat(bytes(pinned)).isEqualTo(noise(1, 20));
    pinned.close();
  }

  @Test
  void slotsComeBackWhenTheLastPinIsGone() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 8));
    PinnedBytes one = pin(map, 0, 8);
    PinnedBytes two = pin(map, 4, 4);
    fixture.release(map);
    store.awaitReclaim();
    assertThat(slotsInUse()).isEqualTo(8);
    one.close();
    assertThat(slotsInUse()).isEqualTo(4);
    churn();
    assertThat(bytes(two)).isEqualTo(Arrays.copyOfRange(noise(1, 8), 4 * BLOCK, 8 * BLOCK));
    two.close();
    two.close();
    assertThat(slotsInUse()).isZero();
  }

  @Test
  void aLongPinHoldsNothingButItself() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 1));
    PinnedBytes pinned = pin(map, 0, 1);
    fixture.write(map, 0, noise(2, 1));
    churn();
    long before = fixture.pool.directBytes();
    for (int i = 0; i < 10; i++) {
      churn();
    }
    assertThat(fixture.pool.directBytes()).isEqualTo(before);
    pinned.close();
  }

  @Test
  void memoryStaysUntilTheLastPinEvenIfTheArrayIsClosed() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 3));
    PinnedBytes pinned = pin(map, 0, 3);
    fixture.pool.close();
    assertThat(fixture.pool.directBytes()).isPositive();
    assertThat(bytes(pinned)).isEqualTo(noise(1, 3));
    pinned.close(); // and the fixture checks that all memory is back
  }

  @Test
  void neighboursAreOnePiece() {
    FileMap map = fixture.file();
    fixture.write(map, 0, noise(1, 16));
    PinnedBytes pinned = pin(map, 0, 16);
    assertThat(pinned.pieceCount()).isEqualTo(1);
    pinned.close();
  }

  @Test
  void holesAreZerosAndPartsOfBlocksAreParts() {
    FileMap map = fixture.file();
    fixture.write(map, 2, noise(1, 1));
    fixture.write(map, 40, noise(2, 1));
    byte[] expected = new byte[60 * BLOCK];
    System.arraycopy(noise(1, 1), 0, expected, 2 * BLOCK, BLOCK);
    System.arraycopy(noise(2, 1), 0, expected, 40 * BLOCK, BLOCK);
    int from = 2 * BLOCK + 17;
    int to = 40 * BLOCK + 9;
    PinnedBytes pinned = store.pin(map, from, to - from);
    assertThat(bytes(pinned)).isEqualTo(Arrays.copyOfRange(expected, from, to));
    pinned.close();
    PinnedBytes all = pin(map, 0, 60);
    assertThat(bytes(all)).isEqualTo(expected);
    all.close();
  }

  @Test
  void aRepeatedWordHasToBeCopied() {
    FileMap map = fixture.file();
    byte[] word = new byte[BLOCK];
    Arrays.fill(word, (byte) 7);
    fixture.write(map, 0, noise(1, 4));
    fixture.write(map, 2, word);
    assertThat(pin(map, 0, 4)).isNull();
    fixture.release(map);
    store.awaitReclaim();
    assertThat(slotsInUse()).as("slots after a pin that was given up").isZero();
  }

  /** Each block carries one version all over; a pinned one must keep it, torn or reused never. */
  @Test
  void pinnedBlocksKeepTheirVersionBesideAWriter() throws Exception {
    long seed = System.nanoTime();
    FileMap map = fixture.file();
    fixture.write(map, 0, versions(0, 64));
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<Future<?>> readers = new ArrayList<>();
    for (int t = 0; t < 2; t++) {
      SplittableRandom random = new SplittableRandom(seed + t);
      readers.add(threads.submit(() -> holdAndLookAgain(map, random)));
    }
    Future<?> writer =
        threads.submit(
            () -> {
              SplittableRandom random = new SplittableRandom(seed - 1);
              for (int i = 1; i <= 10_000; i++) {
                int blocks = random.nextInt(1, 9);
                fixture.write(map, random.nextInt(64 - blocks), versions(i, blocks));
              }
            });
    try {
      writer.get();
      for (Future<?> reader : readers) {
        reader.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("seed " + seed, e.getCause());
    } finally {
      threads.shutdownNow();
    }
    fixture.release(map);
    store.awaitReclaim();
    assertThat(slotsInUse()).isZero();
    fixture.assertSound();
  }

  private void holdAndLookAgain(FileMap map, SplittableRandom random) {
    List<PinnedBytes> held = new ArrayList<>();
    List<byte[]> seen = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      int blocks = random.nextInt(1, 33);
      PinnedBytes pinned = pin(map, random.nextInt(64 - blocks), blocks);
      if (pinned != null) { // a block was just being replaced
        byte[] now = bytes(pinned);
        assertWholeVersions(now);
        held.add(pinned);
        seen.add(now);
      }
      while (held.size() > random.nextInt(20)) {
        try (PinnedBytes oldest = held.remove(0)) {
          assertThat(Arrays.equals(bytes(oldest), seen.remove(0))).isTrue();
        }
      }
    }
    held.forEach(PinnedBytes::close);
  }

  /** Blocks whose words all carry the version, and differ so that they are no repeated word. */
  private static byte[] versions(int version, int blocks) {
    ByteBuffer bytes = ByteBuffer.allocate(blocks * BLOCK);
    for (int i = 0; bytes.hasRemaining(); i++) {
      bytes.putInt(version).putInt(i % 1024);
    }
    return bytes.array();
  }

  private static void assertWholeVersions(byte[] blocks) {
    ByteBuffer bytes = ByteBuffer.wrap(blocks);
    for (int block = 0; block < blocks.length; block += BLOCK) {
      int version = bytes.getInt(block);
      for (int at = block; at < block + BLOCK; at += 8) {
        if (bytes.getInt(at) != version) {
          throw new AssertionError("version " + bytes.getInt(at) + " in a block of " + version);
        }
      }
    }
  }
}
