/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.errorOf;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.payload.ArenaRoom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Memory is at its end, and afterwards everything works as before. */
class FullMemoryTest {
  private static final int BLOCK = BlockStore.BLOCK_BYTES;
  private static final int PIECE_BLOCKS = 32;
  private static final int PIECE = PIECE_BLOCKS * BLOCK;

  private final BlockStoreFixture fixture = new BlockStoreFixture(1 << 20, 24 << 20);
  private final BlockStore store = fixture.store;
  private final SplittableRandom random = new SplittableRandom(1);

  @AfterEach
  void close() {
    fixture.close();
  }

  private byte[] noise(int blocks) {
    byte[] bytes = new byte[blocks * BLOCK];
    random.nextBytes(bytes);
    return bytes;
  }

  private long slots() {
    return fixture.pool.payload().slotsInUse();
  }

  /** Writes in turn by rooms, by large copies and block by block, until memory ends. */
  private int fill(FileMap map) {
    int piece = 0;
    while (true) {
      try {
        writePiece(map, piece);
        piece++;
      } catch (ArrayException e) {
        assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE);
        return piece;
      }
    }
  }

  private void writePiece(FileMap map, int piece) {
    byte[] bytes = noise(PIECE_BLOCKS);
    long first = (long) piece * PIECE_BLOCKS;
    ArenaRoom room = piece % 3 == 0 ? fixture.pool.room(PIECE) : null;
    if (room != null) {
      room.memory().put(0, bytes);
      try (room;
          PreparedWrite prepared = store.prepare(first * BLOCK, room)) {
        fixture.locked(() -> store.write(map, prepared));
      }
    } else if (piece % 3 == 1) {
      fixture.write(map, first, bytes);
    } else {
      for (int i = 0; i < PIECE_BLOCKS; i++) {
        byte[] one = new byte[BLOCK];
        System.arraycopy(bytes, i * BLOCK, one, 0, BLOCK);
        fixture.write(map, first + i, one);
      }
    }
    ByteBuffer back = ByteBuffer.allocate(PIECE);
    store.read(map, first * BLOCK, back);
    assertThat(back.array()).isEqualTo(bytes);
  }

  private void free(FileMap map) {
    fixture.release(map);
    store.awaitReclaim();
  }

  @Test
  void whatDoesNotFitIsRefusedWholeAndWhatIsThereStays() {
    FileMap map = fixture.file();
    int pieces = fill(map);
    long before = slots();
    byte[] last = fixture.read(map, (long) pieces * PIECE_BLOCKS - 1);
    FileMap other = fixture.file();
    assertThat(errorOf(() -> fixture.write(other, 0, noise(1024)))).isEqualTo(ArrayError.NO_SPACE);
    assertThat(slots()).isEqualTo(before);
    assertThat(fixture.read(other, 0)).containsOnly(0);
    assertThat(fixture.read(map, (long) pieces * PIECE_BLOCKS - 1)).isEqualTo(last);
    byte[] overwritten = noise(1);
    fixture.write(map, 3, overwritten); // goes where the old one is, so it needs no memory
    assertThat(fixture.read(map, 3)).isEqualTo(overwritten);
    assertThat(slots()).isEqualTo(before);
  }

  @Test
  void onceItIsFreeAsMuchFitsAgainWithRoomsAndWithClones() {
    FileMap first = fixture.file();
    int pieces = fill(first);
    assertThat(pieces).isGreaterThan(100);
    for (int round = 0; round < 3; round++) {
      free(first);
      assertThat(slots()).isZero();
      ArenaRoom room = fixture.pool.room(256 * BLOCK);
      assertThat(room).as("a whole run is free again").isNotNull();
      room.close();
      first = fixture.file();
      assertThat(fill(first)).as("round %d", round).isBetween(pieces - 8, pieces + 8);
      FileMap clone = fixture.cloneOf(first);
      assertThat(fixture.read(clone, 5)).isEqualTo(fixture.read(first, 5));
      assertThat(errorOf(() -> overwriteAll(clone))).isEqualTo(ArrayError.NO_SPACE);
      free(clone);
    }
    free(first);
    assertThat(slots()).isZero();
    fixture.pool.awaitReclaim();
    assertThat(fixture.store.figures().usedBlocks()).isZero();
  }

  private void overwriteAll(FileMap clone) {
    for (int i = 0; i < 1000; i++) {
      fixture.write(clone, i * 4L, noise(4));
    }
  }

  /** Free slots that lie one by one between others are all used, by large writes, too. */
  @Test
  void holesAreFilledWhenThereIsNothingElse() {
    FileMap map = fixture.file();
    int pieces = fill(map);
    FileMap[] kept = new FileMap[pieces * PIECE_BLOCKS / 64];
    free(map);
    FileMap scattered = fixture.file();
    for (int i = 0; i < kept.length; i++) {
      kept[i] = fixture.file();
    }
    for (int i = 0; i < kept.length * 32; i++) {
      fixture.write(scattered, i, noise(1));
      fixture.write(kept[i / 32], i % 32, noise(1));
    }
    free(scattered);
    long before = slots();
    FileMap large = fixture.file();
    int written = fill(large);
    assertThat(written * (long) PIECE_BLOCKS)
        .as("as many blocks as were freed, but for a piece or two")
        .isGreaterThan(pieces * (long) PIECE_BLOCKS - before - 8L * PIECE_BLOCKS);
  }
}
