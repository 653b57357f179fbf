/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.pattern;
import static org.facsim.array.Workbench.user;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.facsim.array.Volume.ReadResult;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.log.file.SimulatedDisk.Moment;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What reads find if the file changes in their middle: in a durable array at the moment when the
 * payload is read, in memory while the rights of a caller in very many groups are looked at.
 */
class UnlockedReadersTest {
  private static final int BLOCK = Volume.BLOCK_BYTES;

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final Workbench bench =
      new Workbench(Workbench.MIB << 6, Workbench.MIB << 6, VolumeLimits.DEFAULT, disk);
  private final Volume volume = bench.volume;

  @AfterEach
  void close() {
    bench.close();
  }

  /** In slots that are no neighbours, so that each block is read for itself. */
  private Inode file(String name, int blocks, int salt) {
    Inode file = bench.file(name);
    writeBackward(file, blocks, salt);
    return file;
  }

  private void writeBackward(Inode file, int blocks, int salt) {
    byte[] data = pattern(blocks, salt);
    for (int i = blocks - 1; i >= 0; i--) {
      bench.write(file, (long) i * BLOCK, Arrays.copyOfRange(data, i * BLOCK, (i + 1) * BLOCK));
    }
  }

  /** Before the first block is read, when map and attributes have been looked at. */
  private void inTheMiddle(Runnable action) {
    disk.visit(
        moment -> {
          if (moment == Moment.BEFORE_READ) {
            disk.visit(unused -> {});
            action.run();
          }
        });
  }

  private static byte[] bytes(ByteBuffer target) {
    byte[] bytes = new byte[target.position()];
    target.flip().get(bytes);
    return bytes;
  }

  @Test
  void aFileThatWentAndCameBackInTheMiddleIsReadAgain() {
    Inode file = file("f", 2, 1);
    bench.array.saveState("saved");
    writeBackward(file, 3, 2);
    inTheMiddle(
        () -> {
          volume.names().remove(Caller.ROOT, bench.root, name("f"));
          bench.array.restoreState("saved");
        });
    ByteBuffer target = ByteBuffer.allocate(8 * BLOCK);
    ReadResult result = volume.files().read(Caller.ROOT, file, 0, target);
    assertThat(result.attributes().sizeBytes()).isEqualTo(2 * BLOCK);
    assertThat(result.countBytes()).isEqualTo(2 * BLOCK);
    assertThat(bytes(target)).isEqualTo(pattern(2, 1));
  }

  @Test
  void whatWasWrittenAfterTheRightToReadItWentIsNotRead() {
    Inode file = file("f", 2, 1);
    chmod(file, 0644);
    inTheMiddle(
        () -> {
          chmod(file, 0600);
          writeBackward(file, 2, 2);
        });
    ByteBuffer target = ByteBuffer.allocate(2 * BLOCK);
    assertThat(errorOf(() -> volume.files().read(user(7), file, 0, target)))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    assertThat(target.position()).isZero();
  }

  private void chmod(Inode file, int mode) {
    volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(mode), null);
  }

  /** It takes long to find that such a caller may read a file of its last group. */
  private static Caller inVeryManyGroups(long last) {
    List<Long> groups = LongStream.rangeClosed(last - 400_000, last).boxed().toList();
    return new Caller(7, 7, groups);
  }

  @Test
  void aPinIsOfOneContentsOrTheOtherWhileTheyAreExchanged() throws Exception {
    try (Workbench memory = new Workbench()) {
      Volume inMemory = memory.volume;
      Inode target = memory.file("target");
      memory.writeBlocks(target, 0, 8, 1);
      AttributeChanges ofGroup =
          new AttributeChanges(
              0640,
              null,
              1_000_000L,
              null,
              AttributeChanges.TimeChange.KEEP,
              AttributeChanges.TimeChange.KEEP);
      inMemory.attributes().setAttributes(Caller.ROOT, target, ofGroup, null);
      Inode aside = inMemory.clones().createUnnamed(Caller.ROOT);
      memory.writeBlocks(aside, 0, 16, 2);
      Caller slow = inVeryManyGroups(1_000_000L);
      AtomicBoolean done = new AtomicBoolean();
      Thread exchanging =
          new Thread(
              () -> {
                while (!done.get()) {
                  inMemory.clones().exchangeContents(Caller.ROOT, aside, target);
                  LockSupport.parkNanos(20_000);
                }
              });
      exchanging.start();
      try {
        for (int seen = 0; seen < 40; ) {
          seen += isWholeOrRefused(inMemory.files().pin(slow, target, 0, 16 * BLOCK)) ? 1 : 0;
        }
      } finally {
        done.set(true);
        exchanging.join();
      }
    }
  }

  /** Returns whether there was something to look at. */
  private static boolean isWholeOrRefused(PinnedRead pinned) {
    if (pinned == null) {
      return false;
    }
    try (pinned) {
      ByteBuffer seen = ByteBuffer.allocate(16 * BLOCK);
      for (int i = 0; i < pinned.pieceCount(); i++) {
        ByteBuffer piece = pinned.memory(i).duplicate();
        int from = pinned.position(i);
        seen.put(piece.clear().position(from).limit(from + pinned.lengthBytes(i)));
      }
      int blocks = (int) (pinned.result().attributes().sizeBytes() / BLOCK);
      byte[] whole = blocks == 8 ? pattern(8, 1) : pattern(16, 2);
      assertThat(Arrays.equals(bytes(seen), whole)).as("%d blocks, as they were", blocks).isTrue();
      return true;
    }
  }
}
