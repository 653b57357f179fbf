/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.MIB;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.pattern;
import static org.facsim.array.Workbench.user;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.facsim.array.Volume.ReadResult;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileDataTest {
  private static final int BLOCK = Volume.BLOCK_BYTES;

  private final Workbench bench = new Workbench(4 * MIB, MIB, VolumeLimits.DEFAULT);
  private final Volume volume = bench.volume;
  private final Inode file = bench.file("disk-flat.vmdk");

  @AfterEach
  void close() {
    bench.close();
  }

  private Mutation resize(long sizeBytes) {
    return volume
        .attributes()
        .setAttributes(Caller.ROOT, file, AttributeChanges.ofSize(sizeBytes), null);
  }

  private ArrayError writeRefused(long offsetBytes, byte[] data) {
    return bench.refusal(() -> bench.write(file, offsetBytes, data));
  }

  @Test
  void writesAreReadBackAndAccountedFor() {
    bench.tick();
    ByteBuffer source = ByteBuffer.wrap(pattern(2, 1), 100, 5000);
    Mutation mutation = volume.files().write(Caller.ROOT, file, 10, source);

    assertThat(source.position()).isEqualTo(5100);
    assertThat(mutation.before().sizeBytes()).isZero();
    assertThat(mutation.after())
        .isEqualTo(file.attributes())
        .returns(5010L, FileAttributes::sizeBytes)
        .returns(2L * BLOCK, FileAttributes::usedBytes)
        .returns(bench.clock.nanos(), FileAttributes::modifyTimeNanos)
        .returns(bench.clock.nanos(), FileAttributes::changeTimeNanos);
    assertThat(bench.read(file, 10, 5000)).isEqualTo(Arrays.copyOfRange(pattern(2, 1), 100, 5100));
    assertThat(bench.read(file, 0, 10)).isEqualTo(new byte[10]);
    assertThat(volume.space().of(file))
        .isEqualTo(new FileSpace(5010, 2 * BLOCK, 2 * BLOCK, 2 * BLOCK, 0));
  }

  @Test
  void directBuffersAndSlicesWork() {
    ByteBuffer source = ByteBuffer.allocateDirect(BLOCK + 7);
    source.position(7).put(pattern(1, 3)).flip().position(7);
    volume.files().write(Caller.ROOT, file, 0, source);
    ByteBuffer target = ByteBuffer.allocateDirect(2 * BLOCK).position(5);
    ReadResult result = volume.files().read(Caller.ROOT, file, 0, target);

    assertThat(result)
        .returns(BLOCK, ReadResult::countBytes)
        .returns(true, ReadResult::endOfFile)
        .returns(file.attributes().changeCounter(), r -> r.attributes().changeCounter());
    assertThat(target.position()).isEqualTo(5 + BLOCK);
    assertThat(target.limit()).isEqualTo(2 * BLOCK);
    byte[] read = new byte[BLOCK];
    target.position(5).get(read);
    assertThat(read).isEqualTo(pattern(1, 3));
  }

  @Test
  void readsStopAtTheEnd() {
    bench.write(file, 0, new byte[] {1, 2, 3});

    assertThat(readResult(0, 3)).isEqualTo("3 end");
    assertThat(readResult(0, 2)).isEqualTo("2");
    assertThat(readResult(2, 100)).isEqualTo("1 end");
    assertThat(readResult(3, 100)).isEqualTo("0 end");
    assertThat(readResult(Long.MAX_VALUE, 100)).isEqualTo("0 end");
    assertThat(readResult(0, 0)).isEqualTo("0");
    assertThat(errorOf(() -> readResult(-1, 1))).isEqualTo(ArrayError.INVALID_ARGUMENT);
  }

  private String readResult(long offsetBytes, int wanted) {
    ReadResult result =
        volume.files().read(Caller.ROOT, file, offsetBytes, ByteBuffer.allocate(wanted));
    return result.countBytes() + (result.endOfFile() ? " end" : "");
  }

  @Test
  void oneReadMovesAtMostTheTransferSize() {
    resize(3L * Volume.MAX_TRANSFER_BYTES);
    ByteBuffer target = ByteBuffer.allocate(2 * Volume.MAX_TRANSFER_BYTES);

    assertThat(volume.files().read(Caller.ROOT, file, 0, target).countBytes())
        .isEqualTo(Volume.MAX_TRANSFER_BYTES);
    assertThat(writeRefused(0, new byte[Volume.MAX_TRANSFER_BYTES + 1]))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
  }

  @Test
  void aWritePastTheEndZeroFillsTheGapWithAHole() {
    bench.write(file, 0, new byte[] {1});
    bench.write(file, 100L * BLOCK, new byte[] {2});

    assertThat(file.attributes())
        .returns(100L * BLOCK + 1, FileAttributes::sizeBytes)
        .returns(2L * BLOCK, FileAttributes::usedBytes);
    byte[] expected = new byte[100 * BLOCK + 1];
    expected[0] = 1;
    expected[100 * BLOCK] = 2;
    assertThat(bench.read(file)).isEqualTo(expected);
  }

  @Test
  void whatATruncationCutOffReadsAsZerosWhenTheFileGrowsAgain() {
    bench.writeBlocks(file, 0, 3, 1);
    resize(BLOCK + 100);
    assertThat(file.attributes().usedBytes()).isEqualTo(2 * BLOCK);
    resize(3 * BLOCK);

    byte[] expected = Arrays.copyOf(Arrays.copyOf(pattern(3, 1), BLOCK + 100), 3 * BLOCK);
    assertThat(bench.read(file)).isEqualTo(expected);
    assertThat(volume.space().ofVolume().provisionedBytes()).isEqualTo(3 * BLOCK);
  }

  @Test
  void anEmptyWriteChecksAccessAndChangesNothing() {
    FileAttributes old = file.attributes();
    bench.tick();

    assertThat(bench.write(file, 500, new byte[0]).after()).isEqualTo(old);
    assertThat(file.attributes()).isEqualTo(old);
    assertThat(errorOf(() -> volume.files().write(user(7), file, 0, ByteBuffer.allocate(0))))
        .isEqualTo(ArrayError.ACCESS_DENIED);
  }

  @Test
  void offsetsBeyondTheLargestFileAreRefused() {
    assertThat(writeRefused(Volume.MAX_FILE_BYTES - 1, new byte[2]))
        .isEqualTo(ArrayError.FILE_TOO_LARGE);
    assertThat(writeRefused(Long.MAX_VALUE, new byte[2])).isEqualTo(ArrayError.FILE_TOO_LARGE);
    assertThat(writeRefused(-1, new byte[2])).isEqualTo(ArrayError.INVALID_ARGUMENT);
    bench.write(file, Volume.MAX_FILE_BYTES - 1, new byte[] {9});
    assertThat(file.attributes().sizeBytes()).isEqualTo(Volume.MAX_FILE_BYTES);
    assertThat(bench.read(file, Volume.MAX_FILE_BYTES - 1, 10)).isEqualTo(new byte[] {9});
  }

  @Test
  void onlyRegularFilesHaveData() {
    Inode directory = bench.directory("d");

    assertThat(bench.refusal(() -> bench.write(directory, 0, new byte[1])))
        .isEqualTo(ArrayError.IS_DIRECTORY);
    assertThat(errorOf(() -> bench.read(directory, 0, 1))).isEqualTo(ArrayError.IS_DIRECTORY);
  }

  @Test
  void permissionsAreChecked() {
    volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0604), null);
    bench.write(file, 0, new byte[] {1});

    assertThat(volume.files().read(user(7), file, 0, ByteBuffer.allocate(1)).countBytes())
        .isEqualTo(1);
    assertThat(bench.refusal(() -> volume.files().write(user(7), file, 0, ByteBuffer.allocate(1))))
        .isEqualTo(ArrayError.ACCESS_DENIED);
    volume.attributes().setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0600), null);
    assertThat(errorOf(() -> volume.files().read(user(7), file, 0, ByteBuffer.allocate(1))))
        .isEqualTo(ArrayError.ACCESS_DENIED);
  }

  @Test
  void aFullVolumeRefusesTheWholeWriteAndNothingIsChanged() {
    bench.writeBlocks(file, 0, 250, 1); // of 256
    assertThat(writeRefused(248L * BLOCK, pattern(9, 2))).isEqualTo(ArrayError.NO_SPACE);
    bench.writeBlocks(file, 248, 8, 2);
    assertThat(volume.space().ofVolume().freeBytes()).isZero();

    assertThat(writeRefused(256L * BLOCK, new byte[] {1})).isEqualTo(ArrayError.NO_SPACE);
    bench.writeBlocks(file, 0, 256, 3); // its own blocks it may always overwrite
    ByteBuffer source = ByteBuffer.wrap(pattern(1, 1));
    assertThat(errorOf(() -> volume.files().write(Caller.ROOT, file, 256L * BLOCK, source)))
        .isEqualTo(ArrayError.NO_SPACE);
    assertThat(source.remaining()).isEqualTo(BLOCK);

    Inode clone = bench.file("clone");
    volume.clones().cloneFile(Caller.ROOT, file, clone);
    assertThat(bench.refusal(() -> bench.write(clone, 0, new byte[] {1})))
        .as("a shared block needs a copy")
        .isEqualTo(ArrayError.NO_SPACE);
    assertThat(
            bench.refusal(
                () ->
                    volume
                        .attributes()
                        .setAttributes(
                            Caller.ROOT, clone, AttributeChanges.ofSize(BLOCK + 1), null)))
        .as("the cut block too")
        .isEqualTo(ArrayError.NO_SPACE);
  }

  @Test
  void aFullArrayRefusesWhatTheVolumeWouldAllow() {
    Volume[] volumes = new Volume[5];
    Inode[] files = new Inode[5];
    for (int i = 0; i < 5; i++) {
      volumes[i] = bench.array.createVolume("thin" + i, MIB);
      files[i] =
          volumes[i]
              .names()
              .create(
                  Caller.ROOT,
                  volumes[i].root(),
                  Name.of("f"),
                  Workbench.GUARDED,
                  AttributeChanges.NONE)
              .inode();
    }
    for (int i = 0; i < 4; i++) {
      volumes[i].files().write(Caller.ROOT, files[i], 0, ByteBuffer.wrap(pattern(256, i)));
    }
    assertThat(bench.array.physicalUsedBytes()).isEqualTo(4 * MIB);
    assertThat(volumes[4].space().ofVolume())
        .returns(MIB, VolumeSpace::sizeBytes)
        .returns(0L, VolumeSpace::freeBytes);
    assertThat(
            errorOf(
                () ->
                    volumes[4]
                        .files()
                        .write(Caller.ROOT, files[4], 0, ByteBuffer.wrap(new byte[1]))))
        .isEqualTo(ArrayError.NO_SPACE);

    volumes[0].names().remove(Caller.ROOT, volumes[0].root(), Name.of("f"));
    bench.array.awaitReclaim();
    volumes[4].files().write(Caller.ROOT, files[4], 0, ByteBuffer.wrap(pattern(256, 4)));
  }

  @Test
  void anInodeOfAnotherVolumeIsRefused() {
    Volume second = bench.array.createVolume("datastore2", MIB);

    assertThat(
            bench.refusal(
                () -> second.files().write(Caller.ROOT, file, 0, ByteBuffer.wrap(new byte[1]))))
        .isEqualTo(ArrayError.CROSS_VOLUME);
    assertThat(errorOf(() -> second.files().read(Caller.ROOT, file, 0, ByteBuffer.allocate(1))))
        .isEqualTo(ArrayError.CROSS_VOLUME);
    assertThat(
            bench.refusal(
                () ->
                    second
                        .attributes()
                        .setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0), null)))
        .isEqualTo(ArrayError.CROSS_VOLUME);
    assertThat(errorOf(() -> second.files().hold(file))).isEqualTo(ArrayError.CROSS_VOLUME);
    assertThat(errorOf(() -> second.space().of(file))).isEqualTo(ArrayError.CROSS_VOLUME);
  }
}
