/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Random;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Sharing;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who holds which blocks, compared with a model that knows each block by a number. */
class SharingPictureTest {
  private static final int BLOCK = Volume.BLOCK_BYTES;

  /** More than one leaf, so that maps differ in height. */
  private static final int BLOCKS = 700;

  private final StorageArray array =
      ArrayEngine.ephemeral(new ArrayOptions(1L << 30, () -> Instant.EPOCH, 1));
  private final Volume volume = array.createVolume("ds", 1L << 30);
  private int lastBlock;

  @AfterEach
  void close() {
    array.close();
  }

  /** A file, and the number of each of its blocks; 0 is a hole. */
  private final class Modelled {
    final Inode inode;
    int[] blocks = new int[BLOCKS];

    Modelled(String name) {
      inode =
          volume
              .names()
              .create(
                  Caller.ROOT,
                  volume.root(),
                  Name.of(name),
                  new Volume.CreateMode.Guarded(),
                  AttributeChanges.NONE)
              .inode();
    }

    long size() {
      return inode.attributes().sizeBytes();
    }

    void write(int first, int count) {
      for (int i = first; i < first + count; i++) {
        ByteBuffer bytes = ByteBuffer.allocate(BLOCK).putInt(0, ++lastBlock);
        var unused = volume.files().write(Caller.ROOT, inode, (long) i * BLOCK, bytes);
        blocks[i] = lastBlock;
      }
    }

    void punch(int first, int count) {
      var unused =
          volume.files().punchHole(Caller.ROOT, inode, (long) first * BLOCK, (long) count * BLOCK);
      Arrays.fill(blocks, first, first + count, 0);
    }

    void cloneOf(Modelled source) {
      var unused = volume.clones().cloneFile(Caller.ROOT, source.inode, inode);
      blocks = source.blocks.clone();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void rangesAndCellsAreThoseOfTheModel(long seed) {
    Random random = new Random(seed);
    Modelled first = new Modelled("a");
    Modelled second = new Modelled("b");
    for (int step = 0; step < 30; step++) {
      Modelled one = random.nextBoolean() ? first : second;
      int at = random.nextInt(random.nextInt(4) == 0 ? BLOCKS : 40);
      int count = 1 + random.nextInt(Math.min(60, BLOCKS - at));
      switch (random.nextInt(5)) {
        case 0 -> one.cloneOf(one == first ? second : first);
        case 1 -> one.punch(at, count);
        default -> one.write(at, count);
      }
      array.awaitReclaim(); // what waits for it still holds blocks
      check(seed, first, second, random.nextInt(50));
    }
  }

  private static void check(long seed, Modelled first, Modelled second, int fromBlock) {
    String what = "seed " + seed;
    long alone = Math.min(fromBlock * (long) BLOCK, first.size());
    assertPicture(
        what,
        SharingPicture.of(first.inode, null, alone, 10_000, 7),
        block -> {
          int id = first.blocks[block];
          boolean isShared = Arrays.stream(second.blocks).anyMatch(other -> other == id);
          return id == 0 ? Sharing.HOLE : isShared ? Sharing.SHARED : Sharing.PRIVATE;
        });
    assertPicture(
        what,
        SharingPicture.of(first.inode, second.inode, alone, 10_000, 16),
        block -> {
          int one = first.blocks[block];
          int other = second.blocks[block];
          if (one == other) {
            return one == 0 ? Sharing.HOLE : Sharing.SHARED;
          }
          return one == 0 ? Sharing.SECOND : other == 0 ? Sharing.FIRST : Sharing.DIFFERENT;
        });
  }

  private interface Model {
    Sharing of(int block);
  }

  private static void assertPicture(String what, SharingPicture picture, Model model) {
    assertThat(picture.toldBytes()).as(what).isEqualTo(picture.sizeBytes());
    long at = picture.offsetBytes();
    Sharing before = null;
    for (SharedRange range : picture.ranges()) {
      assertThat(range.offsetBytes()).as(what).isEqualTo(at);
      assertThat(range.sharing()).as(what).isNotEqualTo(before);
      before = range.sharing();
      for (long end = at + range.lengthBytes(); at < end; at += BLOCK) {
        assertThat(model.of((int) (at / BLOCK)))
            .as("%s block %d", what, at / BLOCK)
            .isEqualTo(range.sharing());
      }
    }
    assertThat(at).as(what).isEqualTo(picture.sizeBytes());
    for (Sharing kind : Sharing.values()) {
      long inRanges =
          picture.ranges().stream()
              .filter(range -> range.sharing() == kind)
              .mapToLong(SharedRange::lengthBytes)
              .sum();
      long inCells = picture.cells().stream().mapToLong(cell -> cell.getOrDefault(kind, 0L)).sum();
      assertThat(picture.bytes().getOrDefault(kind, 0L)).as(what).isEqualTo(inRanges);
      assertThat(inCells).as(what).isEqualTo(inRanges);
    }
  }

  @Test
  void rangesAreBoundedAndSumsAreNot() {
    Modelled file = new Modelled("a");
    for (int block = 0; block < 40; block += 2) {
      file.write(block, 1);
    }
    SharingPicture picture = SharingPicture.of(file.inode, null, 0, 3, 0);
    assertThat(picture.ranges()).hasSize(3);
    assertThat(picture.rangesEndBytes()).isEqualTo(3L * BLOCK);
    assertThat(picture.bytes()).containsEntry(Sharing.PRIVATE, 20L * BLOCK);
    assertThat(picture.cells()).isEmpty();
  }

  @Test
  void anEmptyFileHasNoRange() {
    SharingPicture picture = SharingPicture.of(new Modelled("a").inode, null, 0, 10, 10);
    assertThat(picture.ranges()).isEmpty();
    assertThat(picture.cells()).isEmpty();
  }
}
