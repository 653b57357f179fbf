/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.pattern;
import static org.facsim.array.Workbench.user;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.facsim.array.Volume.Seek;
import org.facsim.array.Volume.ZeroFill;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Cloned ranges, holes, promised space and seeks. */
class RangeTest {
  private static final long BLOCK = Volume.BLOCK_BYTES;
  private static final int VOLUME_BLOCKS = 256;

  private final Workbench bench =
      new Workbench(64 << 20, VOLUME_BLOCKS * BLOCK, VolumeLimits.DEFAULT);

  private final Volume volume = bench.volume;
  private final Inode file = bench.file("file");
  private final Inode other = bench.file("other");

  @AfterEach
  void close() {
    bench.close();
  }

  private static byte[] part(byte[] data, long fromBlock, long toBlock) {
    return Arrays.copyOfRange(data, (int) (fromBlock * BLOCK), (int) (toBlock * BLOCK));
  }

  private byte[] read(Inode inode, long fromBlock, long toBlock) {
    return bench.read(inode, fromBlock * BLOCK, (int) ((toBlock - fromBlock) * BLOCK));
  }

  private void assertSpace(Inode inode, long mapped, long exclusive, long charged, long reserved) {
    assertThat(volume.space().of(inode))
        .isEqualTo(
            new FileSpace(
                inode.attributes().sizeBytes(),
                mapped * BLOCK,
                exclusive * BLOCK,
                charged * BLOCK,
                reserved * BLOCK));
  }

  @Nested
  class PunchHoles {
    private Mutation punch(long... firstAndCount) {
      List<FileRange> ranges = new ArrayList<>();
      for (int i = 0; i < firstAndCount.length; i += 2) {
        ranges.add(new FileRange(firstAndCount[i] * BLOCK, firstAndCount[i + 1] * BLOCK));
      }
      return volume.files().punchHoles(Caller.ROOT, file, ranges);
    }

    @Test
    void unmapsAllRangesInOneChange() {
      bench.write(file, 0, pattern(10, 1));
      long counter = file.attributes().changeCounter();
      Mutation mutation = punch(0, 1, 2, 3, 9, 4);
      assertThat(mutation.before().changeCounter()).isEqualTo(counter);
      assertThat(mutation.after().sizeBytes()).isEqualTo(10 * BLOCK);
      assertSpace(file, 5, 5, 5, 0);
      assertThat(read(file, 2, 5)).containsOnly(0);
      assertThat(read(file, 5, 9)).isEqualTo(part(pattern(10, 1), 5, 9));
    }

    @Test
    void needsNoBlockWhereNoneIsLeft() {
      bench.write(file, 0, pattern(8, 1));
      volume.clones().cloneFile(Caller.ROOT, file, other);
      Inode filler = bench.file("filler");
      bench.write(filler, 0, pattern(VOLUME_BLOCKS - 8, 2));
      assertThat(volume.space().freeBytes()).isZero();
      punch(1, 2);
      assertSpace(file, 6, 0, 8, 0);
      assertThat(read(other, 1, 3)).isEqualTo(part(pattern(8, 1), 1, 3));
    }

    @Test
    void nothingToPunchIsNoChange() {
      bench.write(file, 0, pattern(1, 1));
      FileAttributes before = file.attributes();
      assertThat(punch().after()).isEqualTo(before);
    }

    @Test
    void refusesWhatIsNotInOrderOrNotWholeBlocks() {
      bench.write(file, 0, pattern(4, 1));
      FileAttributes before = file.attributes();
      assertInvalid(new FileRange(2 * BLOCK, BLOCK), new FileRange(0, BLOCK));
      assertInvalid(new FileRange(0, BLOCK), new FileRange(BLOCK, BLOCK));
      assertInvalid(new FileRange(0, 0));
      assertInvalid(new FileRange(1, BLOCK));
      assertInvalid(new FileRange(0, BLOCK + 1));
      assertInvalid(new FileRange(-BLOCK, BLOCK));
      FileRange[] many = new FileRange[Volume.MAX_PUNCHED_RANGES + 1];
      for (int i = 0; i < many.length; i++) {
        many[i] = new FileRange(2L * i * BLOCK, BLOCK);
      }
      assertInvalid(many);
      FileRange one = new FileRange(0, BLOCK);
      assertThat(bench.refusal(() -> volume.files().punchHoles(user(1000), file, List.of(one))))
          .isEqualTo(ArrayError.ACCESS_DENIED);
      assertThat(file.attributes()).isEqualTo(before);
      assertSpace(file, 4, 4, 4, 0);
    }

    private void assertInvalid(FileRange... ranges) {
      assertThat(bench.refusal(() -> volume.files().punchHoles(Caller.ROOT, file, List.of(ranges))))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
    }
  }

  @Nested
  class CloneRange {
    private Mutation clone(Inode source, long from, Inode destination, long to, long length) {
      return volume.clones().cloneRange(Caller.ROOT, source, from, destination, to, length);
    }

    @Test
    void sharesBlocksAtAnotherOffsetAndGrowsTheDestination() {
      bench.writeBlocks(file, 0, 10, 1);
      bench.writeBlocks(other, 0, 1, 2);
      bench.tick();
      Mutation mutation = clone(file, 2 * BLOCK, other, 5 * BLOCK, 3 * BLOCK);

      assertThat(mutation.before()).returns(BLOCK, Mutation.Before::sizeBytes);
      assertThat(mutation.after())
          .isEqualTo(other.attributes())
          .returns(8 * BLOCK, FileAttributes::sizeBytes)
          .returns(4 * BLOCK, FileAttributes::usedBytes)
          .returns(bench.clock.nanos(), FileAttributes::modifyTimeNanos)
          .returns(bench.clock.nanos(), FileAttributes::changeTimeNanos);
      assertThat(mutation.after().changeCounter()).isGreaterThan(mutation.before().changeCounter());
      assertThat(read(other, 0, 1)).isEqualTo(pattern(1, 2));
      assertThat(read(other, 1, 5)).containsOnly(0);
      assertThat(read(other, 5, 8)).isEqualTo(part(pattern(10, 1), 2, 5));
      assertSpace(file, 10, 7, 10, 0);
      assertSpace(other, 4, 1, 1, 0);
      assertThat(volume.space().ofVolume())
          .returns(11 * BLOCK, VolumeSpace::physicalUsedBytes)
          .returns(14 * BLOCK, VolumeSpace::referencedBytes)
          .returns(18 * BLOCK, VolumeSpace::provisionedBytes);
    }

    @Test
    void takesHolesToo() {
      bench.writeBlocks(file, 1, 1, 1);
      bench.writeBlocks(other, 0, 4, 2);
      volume
          .attributes()
          .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(3 * BLOCK), null);
      clone(file, 0, other, BLOCK, 3 * BLOCK);

      assertThat(read(other, 0, 1)).isEqualTo(part(pattern(4, 2), 0, 1));
      assertThat(read(other, 1, 2)).containsOnly(0);
      assertThat(read(other, 2, 3)).isEqualTo(pattern(1, 1));
      assertThat(read(other, 3, 4)).containsOnly(0);
      assertSpace(other, 2, 1, 1, 0);
      assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(2 * BLOCK);
    }

    @Test
    void countZeroMeansToTheEndOfTheSource() {
      bench.write(file, 0, Arrays.copyOf(pattern(4, 1), (int) (3 * BLOCK + 5)));
      clone(file, BLOCK, other, 0, 0);

      assertThat(other.attributes().sizeBytes()).isEqualTo(2 * BLOCK + 5);
      assertThat(bench.read(other))
          .isEqualTo(Arrays.copyOfRange(pattern(4, 1), (int) BLOCK, (int) (3 * BLOCK + 5)));
      Mutation nothing = clone(file, 3 * BLOCK, other, 0, 5);
      assertThat(nothing.after().sizeBytes()).isEqualTo(2 * BLOCK + 5);
      volume
          .attributes()
          .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(2 * BLOCK), null);
      FileAttributes before = other.attributes();
      assertThat(clone(file, 2 * BLOCK, other, 0, 0).after()).isEqualTo(before);
    }

    @Test
    void aRaggedEndZeroesTheRestOfItsBlockInADestinationThatGoesOn() {
      bench.write(file, 0, Arrays.copyOf(pattern(2, 1), (int) (BLOCK + 100)));
      bench.writeBlocks(other, 0, 4, 2);
      clone(file, 0, other, BLOCK, BLOCK + 100);

      assertThat(other.attributes().sizeBytes()).isEqualTo(4 * BLOCK);
      byte[] expected = pattern(4, 2);
      Arrays.fill(expected, (int) BLOCK, (int) (3 * BLOCK), (byte) 0);
      System.arraycopy(pattern(2, 1), 0, expected, (int) BLOCK, (int) BLOCK + 100);
      assertThat(bench.read(other)).isEqualTo(expected);
    }

    @Test
    void worksWithinOneFile() {
      bench.writeBlocks(file, 0, 4, 1);
      clone(file, 0, file, 4 * BLOCK, 4 * BLOCK);
      assertThat(read(file, 4, 8)).isEqualTo(pattern(4, 1));
      assertSpace(file, 8, 4, 4, 0);
      assertThat(volume.space().ofVolume().savedBytes()).isEqualTo(4 * BLOCK);

      bench.writeBlocks(file, 0, 1, 9);
      assertThat(read(file, 4, 5)).isEqualTo(part(pattern(4, 1), 0, 1));
      assertSpace(file, 8, 5, 5, 0);
    }

    @Test
    void keepsWhatWasPromisedToTheDestination() {
      bench.writeBlocks(file, 0, 4, 1);
      volume.files().allocate(Caller.ROOT, other, 0, 4 * BLOCK, ZeroFill.LAZY);
      clone(file, 0, other, 0, 4 * BLOCK);
      assertSpace(other, 4, 0, 0, 4);
      bench.writeBlocks(bench.file("rest"), 0, VOLUME_BLOCKS - 8, 3);
      bench.writeBlocks(other, 0, 4, 5);
      assertSpace(other, 4, 4, 4, 0);
      assertThat(volume.space().ofVolume().freeBytes()).isZero();
    }

    @Test
    void whatCannotBeSharedIsRefused() {
      bench.write(file, 0, Arrays.copyOf(pattern(4, 1), (int) (3 * BLOCK + 5)));
      bench.writeBlocks(other, 0, 2, 1);
      Inode directory = bench.directory("d");
      Inode far = bench.array.createVolume("far", 1 << 20).root();
      Inode gone = bench.file("gone");
      volume.names().remove(Caller.ROOT, bench.root, name("gone"));
      ArrayError invalid = ArrayError.INVALID_ARGUMENT;

      assertThat(refused(file, 0, other, 0, 3 * BLOCK + 6)).isEqualTo(invalid);
      assertThat(refused(file, 4 * BLOCK, other, 0, 0)).isEqualTo(invalid);
      assertThat(refused(file, 4 * BLOCK, other, 0, BLOCK)).isEqualTo(invalid);
      assertThat(refused(file, 1, other, 0, BLOCK)).isEqualTo(invalid);
      assertThat(refused(file, 0, other, 1, BLOCK)).isEqualTo(invalid);
      assertThat(refused(file, 0, other, 0, BLOCK + 1)).isEqualTo(invalid);
      assertThat(refused(file, 0, other, 0, 3 * BLOCK + 4)).isEqualTo(invalid);
      assertThat(refused(file, 0, file, BLOCK, 2 * BLOCK)).isEqualTo(invalid);
      assertThat(refused(file, 0, file, 0, 0)).isEqualTo(invalid);
      assertThat(refused(file, -BLOCK, other, 0, BLOCK)).isEqualTo(invalid);
      assertThat(refused(file, 0, other, -BLOCK, BLOCK)).isEqualTo(invalid);
      assertThat(refused(file, 0, other, 0, -BLOCK)).isEqualTo(invalid);
      assertThat(refused(file, 0, other, Volume.MAX_FILE_BYTES - BLOCK, 2 * BLOCK))
          .isEqualTo(ArrayError.FILE_TOO_LARGE);
      assertThat(refused(directory, 0, other, 0, BLOCK)).isEqualTo(ArrayError.WRONG_TYPE);
      assertThat(refused(file, 0, directory, 0, BLOCK)).isEqualTo(ArrayError.WRONG_TYPE);
      assertThat(refused(file, 0, far, 0, BLOCK)).isEqualTo(ArrayError.CROSS_VOLUME);
      assertThat(refused(far, 0, file, 0, BLOCK)).isEqualTo(ArrayError.CROSS_VOLUME);
      assertThat(refused(gone, 0, file, 0, 0)).isEqualTo(ArrayError.STALE);
      assertThat(refused(file, 0, gone, 0, 0)).isEqualTo(ArrayError.STALE);
      assertThat(bench.refusal(() -> volume.clones().cloneRange(user(7), file, 0, other, 0, BLOCK)))
          .isEqualTo(ArrayError.ACCESS_DENIED);
      volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0600), null);
      volume.attributes().setAttributes(Caller.ROOT, other, AttributeChanges.ofMode(0666), null);
      assertThat(bench.refusal(() -> volume.clones().cloneRange(user(7), file, 0, other, 0, BLOCK)))
          .isEqualTo(ArrayError.ACCESS_DENIED);
    }

    private ArrayError refused(Inode source, long from, Inode destination, long to, long length) {
      return bench.refusal(() -> clone(source, from, destination, to, length));
    }
  }

  @Nested
  class PunchHole {
    private Mutation punch(long offset, long length) {
      return volume.files().punchHole(Caller.ROOT, file, offset, length);
    }

    @Test
    void unmapsWholeBlocksAndZeroesTheRest() {
      bench.writeBlocks(file, 0, 6, 1);
      bench.tick();
      Mutation mutation = punch(BLOCK - 10, 3 * BLOCK + 20);

      assertThat(mutation.after())
          .isEqualTo(file.attributes())
          .returns(6 * BLOCK, FileAttributes::sizeBytes)
          .returns(3 * BLOCK, FileAttributes::usedBytes)
          .returns(bench.clock.nanos(), FileAttributes::modifyTimeNanos);
      byte[] expected = pattern(6, 1);
      Arrays.fill(expected, (int) BLOCK - 10, (int) (4 * BLOCK + 10), (byte) 0);
      assertThat(bench.read(file)).isEqualTo(expected);
      assertSpace(file, 3, 3, 3, 0);
      assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(3 * BLOCK);
    }

    @Test
    void takesTheLastBlockWholeIfNothingOfTheFileIsLeftInIt() {
      bench.write(file, 0, Arrays.copyOf(pattern(2, 1), (int) BLOCK + 50));
      punch(BLOCK, 50);
      assertThat(file.attributes()).returns(BLOCK + 50, FileAttributes::sizeBytes);
      assertThat(bench.read(file, BLOCK, 50)).containsOnly(0);
      assertSpace(file, 1, 1, 1, 0);
      punch(100 * BLOCK, 7);
      assertThat(file.attributes().sizeBytes()).isEqualTo(BLOCK + 50);
    }

    @Test
    void leavesTheOtherHolderAlone() {
      bench.writeBlocks(file, 0, 4, 1);
      volume.clones().cloneFile(Caller.ROOT, file, other);
      punch(BLOCK + 1, 2 * BLOCK);

      assertThat(bench.read(other)).isEqualTo(pattern(4, 1));
      assertSpace(file, 3, 2, 6, 0);
      assertSpace(other, 4, 3, 0, 0);
      assertThat(volume.space().ofVolume().physicalUsedBytes()).isEqualTo(6 * BLOCK);
    }

    @Test
    void isRefusedWhole() {
      bench.writeBlocks(file, 0, 4, 1);
      volume.clones().cloneFile(Caller.ROOT, file, other);
      bench.writeBlocks(bench.file("rest"), 0, VOLUME_BLOCKS - 5, 3);
      assertThat(bench.refusal(() -> punch(1, 2 * BLOCK))).isEqualTo(ArrayError.NO_SPACE);
      punch(0, 2 * BLOCK + 1); // one copy fits
      assertThat(bench.refusal(() -> punch(0, 0))).isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(bench.refusal(() -> punch(-1, 1))).isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(bench.refusal(() -> punch(1, -1))).isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(bench.refusal(() -> punch(Volume.MAX_FILE_BYTES, 1)))
          .isEqualTo(ArrayError.FILE_TOO_LARGE);
      assertThat(bench.refusal(() -> volume.files().punchHole(user(7), file, 0, 1)))
          .isEqualTo(ArrayError.ACCESS_DENIED);
      assertThat(bench.refusal(() -> volume.files().punchHole(Caller.ROOT, bench.root, 0, 1)))
          .isEqualTo(ArrayError.WRONG_TYPE);
    }
  }

  @Nested
  class Allocate {
    private Mutation allocate(long offset, long length, ZeroFill zeroFill) {
      return volume.files().allocate(Caller.ROOT, file, offset, length, zeroFill);
    }

    @Test
    void lazilyPromisesBlocksThatNobodyElseCanTake() {
      bench.tick();
      Mutation mutation = allocate(BLOCK + 1, 100 * BLOCK, ZeroFill.LAZY);
      assertThat(mutation.after())
          .returns(101 * BLOCK + 1, FileAttributes::sizeBytes)
          .returns(0L, FileAttributes::usedBytes)
          .returns(bench.clock.nanos(), FileAttributes::changeTimeNanos);
      assertSpace(file, 0, 0, 0, 101);
      assertThat(volume.space().ofVolume())
          .returns(0L, VolumeSpace::physicalUsedBytes)
          .returns(101 * BLOCK, VolumeSpace::reservedBytes)
          .returns((VOLUME_BLOCKS - 101) * BLOCK, VolumeSpace::freeBytes);
      assertThat(bench.array.space().reservedBytes()).isEqualTo(101 * BLOCK);

      bench.writeBlocks(other, 0, VOLUME_BLOCKS - 101, 1);
      assertThat(bench.refusal(() -> bench.writeBlocks(other, 200, 1, 1)))
          .isEqualTo(ArrayError.NO_SPACE);
      assertThat(bench.refusal(() -> bench.writeBlocks(file, 0, 1, 1)))
          .as("the block before the promised ones")
          .isEqualTo(ArrayError.NO_SPACE);
      bench.writeBlocks(file, 1, 101, 2);
      assertSpace(file, 101, 101, 101, 0);
      assertThat(volume.space().ofVolume())
          .returns(0L, VolumeSpace::reservedBytes)
          .returns(0L, VolumeSpace::freeBytes);
    }

    @Test
    void eagerlyStoresZeros() {
      bench.writeBlocks(file, 2, 1, 1);
      allocate(0, 4 * BLOCK, ZeroFill.EAGER);
      byte[] expected = new byte[(int) (4 * BLOCK)];
      System.arraycopy(pattern(1, 1), 0, expected, (int) (2 * BLOCK), (int) BLOCK);
      assertThat(bench.read(file)).isEqualTo(expected);
      assertThat(file.attributes().usedBytes()).isEqualTo(4 * BLOCK);
      assertSpace(file, 4, 4, 4, 0);
      assertThat(volume.files().seekHole(Caller.ROOT, file, 0).offsetBytes()).isEqualTo(4 * BLOCK);
    }

    @Test
    void isPrivateAlsoOverSharedRanges() {
      bench.writeBlocks(file, 0, 4, 1);
      volume.clones().cloneFile(Caller.ROOT, file, other);
      for (ZeroFill zeroFill : ZeroFill.values()) {
        allocate(0, 4 * BLOCK, zeroFill);
        assertSpace(file, 4, 0, 4, 4);
      }
      bench.writeBlocks(bench.file("rest"), 0, VOLUME_BLOCKS - 8, 3);
      bench.writeBlocks(file, 0, 4, 5);
      assertThat(bench.read(file)).isEqualTo(pattern(4, 5));
      assertThat(bench.read(other)).isEqualTo(pattern(4, 1));
      assertSpace(file, 4, 4, 8, 0);
      assertSpace(other, 4, 4, 0, 0);
    }

    @Test
    void goesWithTheFileAndWithWhatIsCutOff() {
      allocate(0, 10 * BLOCK, ZeroFill.LAZY);
      volume.files().punchHole(Caller.ROOT, file, 2 * BLOCK, 3 * BLOCK);
      assertSpace(file, 0, 0, 0, 7);
      volume
          .attributes()
          .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(7 * BLOCK), null);
      assertSpace(file, 0, 0, 0, 4);
      bench.writeBlocks(other, 0, 1, 1);
      volume.clones().cloneFile(Caller.ROOT, other, file);
      assertSpace(file, 1, 0, 0, 1);
      volume.names().remove(Caller.ROOT, bench.root, name("file"));
      assertThat(volume.space().ofVolume().reservedBytes()).isZero();
    }

    @Test
    void reachesTheLimitExactlyOrIsRefusedWhole() {
      bench.writeBlocks(other, 0, 6, 1);
      for (ZeroFill zeroFill : ZeroFill.values()) {
        assertThat(bench.refusal(() -> allocate(0, (VOLUME_BLOCKS - 5) * BLOCK, zeroFill)))
            .isEqualTo(ArrayError.NO_SPACE);
        assertThat(bench.refusal(() -> allocate(BLOCK, 0, zeroFill)))
            .isEqualTo(ArrayError.INVALID_ARGUMENT);
        assertThat(bench.refusal(() -> allocate(BLOCK, -1, zeroFill)))
            .isEqualTo(ArrayError.INVALID_ARGUMENT);
        assertThat(bench.refusal(() -> allocate(BLOCK, Volume.MAX_FILE_BYTES, zeroFill)))
            .isEqualTo(ArrayError.FILE_TOO_LARGE);
      }
      assertThat(
              bench.refusal(() -> volume.files().allocate(user(7), file, 0, BLOCK, ZeroFill.LAZY)))
          .isEqualTo(ArrayError.ACCESS_DENIED);
      allocate(0, (VOLUME_BLOCKS - 6) * BLOCK, ZeroFill.EAGER);
      assertThat(volume.space().ofVolume().freeBytes()).isZero();
    }

    @Test
    void standsAgainstShrinkingTheVolume() {
      Volume small = bench.array.createVolume("small", 2 << 20);
      Inode thick =
          small
              .names()
              .create(
                  Caller.ROOT, small.root(), name("f"), Workbench.GUARDED, AttributeChanges.NONE)
              .inode();
      small.files().allocate(Caller.ROOT, thick, 0, 300 * BLOCK, ZeroFill.LAZY);
      assertThat(Workbench.errorOf(() -> bench.array.resizeVolume(small, 299 * BLOCK)))
          .isEqualTo(ArrayError.INVALID_ARGUMENT);
      bench.array.resizeVolume(small, 300 * BLOCK);
      bench.array.deleteVolume(small);
      bench.array.awaitReclaim();
      assertThat(bench.array.space().reservedBytes()).isZero();
    }
  }

  @Nested
  class SeekTo {
    private Seek data(long offset) {
      return volume.files().seekData(Caller.ROOT, file, offset);
    }

    private Seek hole(long offset) {
      return volume.files().seekHole(Caller.ROOT, file, offset);
    }

    private Seek at(boolean endOfFile, long offset) {
      return new Seek(endOfFile, offset, file.attributes());
    }

    @Test
    void dataAndHolesFollowWhatIsMapped() {
      bench.writeBlocks(file, 2, 2, 1);
      volume.files().allocate(Caller.ROOT, file, 0, 8 * BLOCK + 5, ZeroFill.LAZY);

      assertThat(data(0)).isEqualTo(at(false, 2 * BLOCK));
      assertThat(data(3 * BLOCK - 1)).isEqualTo(at(false, 3 * BLOCK - 1));
      assertThat(data(4 * BLOCK)).as("only promised").isEqualTo(at(true, 8 * BLOCK + 5));
      assertThat(hole(1)).isEqualTo(at(false, 1));
      assertThat(hole(2 * BLOCK)).isEqualTo(at(false, 4 * BLOCK));
      assertThat(hole(8 * BLOCK)).isEqualTo(at(false, 8 * BLOCK));
    }

    @Test
    void theEndOfTheFileIsAHole() {
      bench.write(file, 0, new byte[] {1, 2, 3});
      assertThat(hole(0)).isEqualTo(at(true, 3));
      assertThat(data(2)).isEqualTo(at(false, 2));
    }

    @Test
    void thereIsNothingBeyondTheEnd() {
      assertThat(bench.refusal(() -> data(0))).isEqualTo(ArrayError.BEYOND_END_OF_FILE);
      bench.write(file, 0, new byte[] {1, 2, 3});
      assertThat(bench.refusal(() -> data(3))).isEqualTo(ArrayError.BEYOND_END_OF_FILE);
      assertThat(bench.refusal(() -> hole(3))).isEqualTo(ArrayError.BEYOND_END_OF_FILE);
      assertThat(bench.refusal(() -> data(Long.MAX_VALUE - 100)))
          .as("beyond the largest file")
          .isEqualTo(ArrayError.BEYOND_END_OF_FILE);
      assertThat(bench.refusal(() -> hole(-1))).isEqualTo(ArrayError.INVALID_ARGUMENT);
      assertThat(bench.refusal(() -> volume.files().seekHole(Caller.ROOT, bench.root, 0)))
          .isEqualTo(ArrayError.WRONG_TYPE);
      volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0600), null);
      assertThat(bench.refusal(() -> volume.files().seekData(user(7), file, 0)))
          .isEqualTo(ArrayError.ACCESS_DENIED);
      volume.names().remove(Caller.ROOT, bench.root, name("file"));
      assertThat(bench.refusal(() -> data(0))).isEqualTo(ArrayError.STALE);
    }
  }
}
