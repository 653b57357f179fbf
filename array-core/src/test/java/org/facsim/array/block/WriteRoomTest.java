/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.array.Workbench.errorOf;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.array.ArrayError;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.PreparedWrite;
import org.facsim.array.block.payload.ArenaRoom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The bytes of a write that were received where they stay. */
class WriteRoomTest {
  private static final int BLOCK = BlockStore.BLOCK_BYTES;
  private static final int BLOCKS = 32;
  private static final int LENGTH = BLOCKS * BLOCK;

  private final BlockStoreFixture fixture = new BlockStoreFixture(50);
  private final BlockStore store = fixture.store;

  @AfterEach
  void close() {
    fixture.close();
  }

  private static byte[] noise(int lengthBytes, long seed) {
    byte[] bytes = new byte[lengthBytes];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  private ArenaRoom filled(byte[] bytes) {
    ArenaRoom room = fixture.pool.room(bytes.length);
    room.memory().put(0, bytes);
    return room;
  }

  private void write(FileMap map, long offsetBytes, ArenaRoom room) {
    try (room;
        PreparedWrite prepared = store.prepare(offsetBytes, room)) {
      fixture.locked(() -> store.write(map, prepared));
    }
  }

  private byte[] read(FileMap map, long offsetBytes, int lengthBytes) {
    ByteBuffer target = ByteBuffer.allocate(lengthBytes);
    store.read(map, offsetBytes, target);
    return target.array();
  }

  private long slots() {
    return fixture.pool.payload().slotsInUse();
  }

  @Test
  void becomesAPartOfTheFileWhereItLies() {
    FileMap map = fixture.file();
    byte[] bytes = noise(LENGTH, 1);
    ArenaRoom room = filled(bytes);
    ByteBuffer memory = room.memory();
    write(map, BLOCK, room);
    assertThat(read(map, BLOCK, LENGTH)).isEqualTo(bytes);
    assertThat(slots()).isEqualTo(BLOCKS);
    memory.put(5, (byte) ~bytes[5]); // which nobody may do
    assertThat(read(map, BLOCK, LENGTH)[5]).as("no copy").isEqualTo((byte) ~bytes[5]);
    assertThatThrownBy(room::memory).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> store.prepare(0, room)).isInstanceOf(IllegalStateException.class);
    room.close();
    assertThat(slots()).as("closing it afterwards takes nothing from the file").isEqualTo(BLOCKS);
  }

  @Test
  void oneReadFindsItInOnePiece() {
    FileMap map = fixture.file();
    write(map, 0, filled(noise(LENGTH, 2)));
    try (var pinned = store.pin(map, 0, LENGTH)) {
      assertThat(pinned.pieceCount()).isEqualTo(1);
    }
  }

  @Test
  void blocksOfOneWordGiveTheirSlotsBack() {
    FileMap map = fixture.file();
    byte[] bytes = noise(LENGTH, 3);
    Arrays.fill(bytes, 3 * BLOCK, 7 * BLOCK, (byte) 7);
    write(map, 0, filled(bytes));
    assertThat(read(map, 0, LENGTH)).isEqualTo(bytes);
    assertThat(slots()).isEqualTo(BLOCKS - 4);
  }

  @Test
  void isCopiedToAnOffsetWithinABlock() {
    FileMap map = fixture.file();
    byte[] bytes = noise(LENGTH, 4);
    write(map, 100, filled(bytes));
    assertThat(read(map, 100, LENGTH)).isEqualTo(bytes);
    assertThat(slots()).isEqualTo(BLOCKS + 1);
  }

  @Test
  void isCopiedToAnotherArray() {
    byte[] bytes = noise(LENGTH, 5);
    try (BlockStoreFixture other = new BlockStoreFixture(64)) {
      FileMap map = other.file();
      try (ArenaRoom room = filled(bytes);
          PreparedWrite prepared = other.store.prepare(0, room)) {
        other.locked(() -> other.store.write(map, prepared));
      }
      ByteBuffer target = ByteBuffer.allocate(LENGTH);
      other.store.read(map, 0, target);
      assertThat(target.array()).isEqualTo(bytes);
    }
    assertThat(slots()).isZero();
  }

  @Test
  void whatIsRefusedGivesEverythingBack() {
    FileMap map = fixture.file();
    write(map, 0, filled(noise(LENGTH, 6)));
    byte[] before = read(map, 0, 2 * LENGTH);
    ArenaRoom room = filled(noise(LENGTH, 7));
    assertThat(errorOf(() -> write(map, 40L * BLOCK, room))).isEqualTo(ArrayError.NO_SPACE);
    assertThat(read(map, 0, 2 * LENGTH)).isEqualTo(before);
    assertThat(slots()).isEqualTo(BLOCKS);
    fixture.pool.room(LENGTH).close();
    assertThat(slots()).isEqualTo(BLOCKS);
  }

  @Test
  void thereIsNoneForOddLengths() {
    for (int length : new int[] {-1, 0, 1, BLOCK, 15 * BLOCK, LENGTH + 1, 257 * BLOCK}) {
      assertThat(fixture.pool.room(length)).as("%d", length).isNull();
    }
    fixture.pool.room(16 * BLOCK).close();
    fixture.pool.room(256 * BLOCK).close();
  }

  /** Whoever announces much and sends nothing is refused, and everything can be used afterwards. */
  @Test
  void thereIsNoneWhenMemoryIsAtItsEndAndLaterThereIsAgain() {
    try (BlockStoreFixture small = new BlockStoreFixture(1 << 20, 20 << 20)) {
      List<ArenaRoom> rooms = new ArrayList<>();
      for (ArenaRoom room = small.pool.room(LENGTH); room != null; ) {
        rooms.add(room);
        room = small.pool.room(LENGTH);
      }
      assertThat(rooms).hasSizeBetween(60, 160);
      rooms.forEach(ArenaRoom::close);
      assertThat(small.pool.payload().slotsInUse()).isZero();
      FileMap map = small.file();
      for (int i = 0; i < rooms.size() - 8; i++) {
        try (ArenaRoom room = small.pool.room(LENGTH);
            PreparedWrite prepared = small.store.prepare((long) i * LENGTH, room)) {
          small.locked(() -> small.store.write(map, prepared));
        }
      }
    }
  }

  /** A receiver fills it on another thread, and does not know that the array is gone. */
  @Test
  void anArrayThatIsClosedMakesNoRoomAndLeavesItsMemoryToOpenOnes() {
    BlockPool pool = new BlockPool(64);
    ArenaRoom first = pool.room(LENGTH);
    ArenaRoom second = pool.room(LENGTH);
    pool.close();
    assertThat(pool.room(LENGTH)).isNull();
    first.close();
    first.close();
    assertThat(pool.directBytes()).as("the second is being filled").isPositive();
    byte[] bytes = noise(LENGTH, 9);
    second.memory().put(0, bytes);
    assertThat(second.memory().get(LENGTH - 1)).isEqualTo(bytes[LENGTH - 1]);
    second.close();
    assertThat(pool.directBytes()).isZero();
  }

  /**
   * A disk of 64 MiB is overwritten at random in pieces of 64 KiB: what is freed is used again, so
   * memory stays bounded.
   */
  @Test
  void randomOverwritesDoNotLetMemoryGrow() {
    int pieces = 1024;
    int pieceBytes = 16 * BLOCK;
    try (BlockStoreFixture large = new BlockStoreFixture(pieces * 16L + 1024)) {
      FileMap map = large.file();
      SplittableRandom random = new SplittableRandom(8);
      for (int i = 0; i < 6 * pieces; i++) {
        long piece = i < pieces ? i : random.nextInt(pieces);
        try (ArenaRoom room = large.pool.room(pieceBytes)) {
          assertThat(room).as("round %d", i).isNotNull();
          ByteBuffer memory = room.memory();
          for (int at = 0; at < pieceBytes; at += Long.BYTES) {
            memory.putLong(at, random.nextLong());
          }
          try (PreparedWrite prepared = large.store.prepare(piece * pieceBytes, room)) {
            large.locked(() -> large.store.write(map, prepared));
          }
        }
      }
      assertThat(large.pool.payload().slotsInUse()).isEqualTo(16L * pieces);
      assertThat(large.pool.payload().directBytes() >> 20)
          .isLessThanOrEqualTo(64 * 5 / 4 + 16 + 16);
    }
  }

  /**
   * Three quarters of the slots are free, but nowhere are 16 of them side by side. Neither rooms
   * nor copied writes make memory larger then, and what fits is written.
   */
  @Test
  void holesAreFilledBeforeMemoryGrowsFurther() {
    int megabytes = 32;
    int kept = 4; // one of so many blocks
    try (BlockStoreFixture large = new BlockStoreFixture(1 << 20)) {
      FileMap map = large.file();
      for (int i = 0; i < megabytes; i++) {
        large.write(map, i * 256L, noise(1 << 20, i));
      }
      for (long block = 0; block < megabytes * 256L; block += kept) {
        long offset = (block + 1) * BLOCK;
        large.locked(() -> large.store.holes().punchHole(map, offset, (kept - 1L) * BLOCK));
      }
      large.store.awaitReclaim();
      List<ArenaRoom> rooms = new ArrayList<>();
      long held = large.pool.payload().directBytes();
      for (ArenaRoom room = large.pool.room(LENGTH); room != null && rooms.size() < 4096; ) {
        rooms.add(room);
        room = large.pool.room(LENGTH);
      }
      assertThat(large.pool.payload().directBytes()).as("direct memory").isEqualTo(held);
      byte[] bytes = noise(1 << 20, 77);
      large.write(map, 1 << 14, bytes);
      assertThat(large.read(map, (1 << 14) + 255))
          .isEqualTo(Arrays.copyOfRange(bytes, 255 * BLOCK, 256 * BLOCK));
      assertThat(large.pool.payload().directBytes()).as("direct memory").isEqualTo(held);
      rooms.forEach(ArenaRoom::close);
      large.assertSound();
    }
  }
}
