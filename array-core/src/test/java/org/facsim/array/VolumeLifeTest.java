/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.array.Workbench.GUARDED;
import static org.facsim.array.Workbench.MIB;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;
import static org.facsim.array.Workbench.pattern;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Volumes that grow, shrink and go, and what all of them may take together. */
class VolumeLifeTest {
  private static final long BLOCK = Volume.BLOCK_BYTES;

  /** The array has 4 MiB; its first volume may use 2 MiB. */
  private final Workbench bench = new Workbench(4 * MIB, 2 * MIB, VolumeLimits.DEFAULT);

  private final ArrayEngine array = bench.array;
  private final Volume volume = bench.volume;

  @AfterEach
  void close() {
    bench.close();
  }

  private static Inode fill(Volume volume, String name, int blocks) {
    Inode file =
        volume
            .names()
            .create(Caller.ROOT, volume.root(), name(name), GUARDED, AttributeChanges.NONE)
            .inode();
    for (int done = 0; done < blocks; done += 128) {
      int count = Math.min(128, blocks - done);
      volume
          .files()
          .write(Caller.ROOT, file, done * BLOCK, ByteBuffer.wrap(pattern(count, done + 1)));
    }
    return file;
  }

  private ArraySpace space(long used, long provisioned, long pending, long free) {
    return new ArraySpace(4 * MIB, used, 0, provisioned, pending, free);
  }

  @Test
  void aVolumeIsFullAtItsLastBlockAndNotBefore() {
    Inode file = fill(volume, "f", 512);
    assertThat(volume.space().ofVolume())
        .returns(2 * MIB, VolumeSpace::physicalUsedBytes)
        .returns(0L, VolumeSpace::freeBytes);
    assertThat(bench.refusal(() -> bench.write(file, 512 * BLOCK, new byte[] {1})))
        .isEqualTo(ArrayError.NO_SPACE);
    bench.writeBlocks(file, 511, 1, 99); // in place
    assertThat(array.space()).isEqualTo(space(2 * MIB, 2 * MIB, 0, 2 * MIB));
  }

  @Test
  void growingMakesRoomForExactlySoManyBlocks() {
    Inode file = fill(volume, "f", 512);
    array.resizeVolume(volume, 2 * MIB + 3 * BLOCK + 1);

    assertThat(volume.sizeBytes()).isEqualTo(2 * MIB + 3 * BLOCK);
    assertThat(volume.space().ofVolume())
        .returns(2 * MIB + 3 * BLOCK, VolumeSpace::sizeBytes)
        .returns(3 * BLOCK, VolumeSpace::freeBytes);
    assertThat(bench.refusal(() -> bench.writeBlocks(file, 512, 4, 1)))
        .isEqualTo(ArrayError.NO_SPACE);
    bench.writeBlocks(file, 512, 3, 1);
    assertThat(volume.space().ofVolume().freeBytes()).isZero();
  }

  @Test
  void shrinkingStopsAtWhatIsUsedAndKeepsNewBlocksOut() {
    Inode file = fill(volume, "f", 300);
    assertThatThrownBy(() -> array.resizeVolume(volume, 299 * BLOCK))
        .isInstanceOf(ArrayException.class)
        .hasMessageContaining("%d are used and 0 reserved".formatted(300 * BLOCK));
    assertThat(bench.refusal(() -> array.resizeVolume(volume, 300 * BLOCK - 1)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
    assertThat(bench.refusal(() -> array.resizeVolume(volume, MIB - 1)))
        .isEqualTo(ArrayError.INVALID_ARGUMENT);
    array.resizeVolume(volume, 300 * BLOCK);

    assertThat(volume.space().ofVolume())
        .returns(300 * BLOCK, VolumeSpace::sizeBytes)
        .returns(0L, VolumeSpace::freeBytes);
    assertThat(bench.refusal(() -> bench.write(file, 300 * BLOCK, new byte[] {1})))
        .isEqualTo(ArrayError.NO_SPACE);
    bench.writeBlocks(file, 0, 1, 99);
    assertThat(bench.read(file, 128 * BLOCK, (int) BLOCK)).isEqualTo(pattern(1, 129));
  }

  @Test
  void blocksOnTheirWayBackDoNotStandAgainstShrinking() {
    for (int round = 0; round < 5; round++) {
      array.resizeVolume(volume, 2 * MIB);
      fill(volume, "f", 512);
      volume.names().remove(Caller.ROOT, bench.root, name("f"));
      array.resizeVolume(volume, MIB);
      assertThat(volume.sizeBytes()).isEqualTo(MIB);
    }
  }

  @Test
  void volumesMayPromiseTogetherMoreThanTheArrayHas() {
    Volume second = array.createVolume("second", 100 * MIB);
    assertThat(array.space()).isEqualTo(space(0, 102 * MIB, 0, 4 * MIB));
    fill(volume, "f", 500);
    Inode file = fill(second, "f", 523);

    assertThat(second.space().ofVolume())
        .returns(100 * MIB, VolumeSpace::sizeBytes)
        .returns(BLOCK, VolumeSpace::freeBytes);
    assertThat(
            errorOf(
                () ->
                    second
                        .files()
                        .write(Caller.ROOT, file, 523 * BLOCK, ByteBuffer.wrap(pattern(2, 1)))))
        .isEqualTo(ArrayError.NO_SPACE);
    assertThat(file.attributes().sizeBytes()).isEqualTo(523 * BLOCK);
    second.files().write(Caller.ROOT, file, 523 * BLOCK, ByteBuffer.wrap(pattern(1, 1)));
    assertThat(array.space()).isEqualTo(space(4 * MIB, 102 * MIB, 0, 0));
    assertThat(bench.refusal(() -> bench.writeBlocks(bench.lookup(bench.root, "f"), 500, 1, 1)))
        .as("the other volume, far below its own limit")
        .isEqualTo(ArrayError.NO_SPACE);
  }

  @Test
  void aDeletedVolumeIsGoneAtOnceForEverybody() {
    Inode file = fill(volume, "f", 20);
    Inode held = fill(volume, "held", 2);
    Inode directory = bench.directory("d");
    Inode clone = bench.file("clone");
    volume.clones().cloneFile(Caller.ROOT, file, clone);
    volume.files().hold(held);
    FileHandle handle = file.handle();
    array.deleteVolume(volume);

    assertThat(array.volume("datastore1")).isEmpty();
    assertThat(array.volumes()).isEmpty();
    assertThat(volume.isDeleted()).isTrue();
    for (boolean reclaimed : new boolean[] {false, true}) {
      if (reclaimed) {
        array.awaitReclaim();
      }
      List<Runnable> refused = new ArrayList<>();
      refused.add(() -> array.resolve(handle));
      refused.add(() -> array.deleteVolume(volume));
      refused.add(() -> array.resizeVolume(volume, 8 * MIB));
      refused.add(() -> bench.read(file));
      refused.add(() -> bench.write(file, 0, new byte[] {1}));
      refused.add(() -> bench.write(file, 0, new byte[] {}));
      refused.add(() -> bench.file("new"));
      refused.add(() -> bench.directory(directory, "new"));
      refused.add(() -> bench.lookup(bench.root, "f"));
      refused.add(() -> bench.names(bench.root));
      refused.add(() -> volume.names().remove(Caller.ROOT, bench.root, name("f")));
      refused.add(() -> volume.names().link(Caller.ROOT, file, directory, name("g")));
      refused.add(
          () -> volume.names().rename(Caller.ROOT, bench.root, name("f"), directory, name("g")));
      refused.add(() -> volume.clones().cloneFile(Caller.ROOT, clone, file));
      refused.add(() -> volume.clones().cloneTree(Caller.ROOT, directory, bench.root, name("d2")));
      refused.add(
          () ->
              volume
                  .attributes()
                  .setAttributes(Caller.ROOT, file, AttributeChanges.ofMode(0), null));
      refused.add(() -> volume.files().hold(file));
      refused.add(() -> volume.space().of(file));
      refused.add(() -> volume.space().ofVolume());
      for (int i = 0; i < refused.size(); i++) {
        assertThat(errorOf(refused.get(i))).as("refusal %d", i).isEqualTo(ArrayError.STALE);
      }
    }
    volume.files().release(held); // what a server lets go of in the end
    assertThat(array.space()).isEqualTo(space(0, 0, 0, 4 * MIB));
  }

  @Test
  void whatADeletedVolumeHadComesBackInTheBackground() {
    List<Inode> files = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      files.add(fill(volume, "f" + i, 2));
      volume.clones().cloneFile(Caller.ROOT, files.get(i / 2), bench.file("clone" + i));
    }
    volume.names().remove(Caller.ROOT, bench.root, name("f7"));
    array.deleteVolume(volume);
    ArraySpace during = array.space();
    assertThat(during.reclaimPendingBytes()).isLessThanOrEqualTo(400 * BLOCK);
    assertThat(during.provisionedBytes()).isZero();
    Volume second = array.createVolume("second", 8 * MIB);
    fill(second, "f", 1024); // all of the array, without waiting

    array.awaitReclaim();
    assertThat(array.space()).isEqualTo(space(4 * MIB, 8 * MIB, 0, 0));
    assertThat(array.physicalUsedBytes()).isEqualTo(4 * MIB);
  }

  @Test
  void idsAndHandlesOfDeletedVolumesNeverComeBack() {
    FileHandle old = bench.root.handle();
    Volume second = array.createVolume("second", MIB);
    Volume third = array.createVolume("third", MIB);
    array.deleteVolume(volume);
    array.deleteVolume(third);
    Volume again = array.createVolume("datastore1", MIB);
    Volume more = array.createVolume("third", MIB);

    assertThat(array.volumes()).containsExactly(second, again, more);
    assertThat(array.volumes()).extracting(Volume::id).containsExactly(2, 4, 5);
    assertThat(array.volume("datastore1")).contains(again);
    for (Volume each : array.volumes()) {
      assertThat(array.resolve(each.root().handle())).isSameAs(each.root());
    }
    assertThat(errorOf(() -> array.resolve(old))).isEqualTo(ArrayError.STALE);
    assertThat(errorOf(() -> array.resolve(third.root().handle()))).isEqualTo(ArrayError.STALE);
    FileHandle forged = new FileHandle(old.volumeId(), 1, old.generation(), old.check() + 1);
    assertThat(errorOf(() -> array.resolve(forged))).isEqualTo(ArrayError.BAD_HANDLE);
    FileHandle never = new FileHandle(6, 1, 7, 8);
    assertThat(errorOf(() -> array.resolve(never))).isEqualTo(ArrayError.BAD_HANDLE);
  }

  @Test
  void readersOfAVolumeBeingDeletedSeeItsBytesOrStale() throws Exception {
    for (int round = 0; round < 30; round++) {
      Volume doomed = array.createVolume("doomed", 2 * MIB);
      Inode file = fill(doomed, "f", 200);
      byte[] expected = new byte[(int) (200 * BLOCK)];
      System.arraycopy(pattern(128, 1), 0, expected, 0, (int) (128 * BLOCK));
      System.arraycopy(pattern(72, 129), 0, expected, (int) (128 * BLOCK), (int) (72 * BLOCK));
      Thread deleter = new Thread(() -> array.deleteVolume(doomed));
      deleter.start();
      ArrayError error = null;
      while (error == null) {
        ByteBuffer target = ByteBuffer.allocate(expected.length);
        error = errorOf(() -> doomed.files().read(Caller.ROOT, file, 0, target));
        if (error == null) {
          assertThat(target.array()).isEqualTo(expected);
        }
      }
      deleter.join();
      assertThat(error).isEqualTo(ArrayError.STALE);
    }
    array.awaitReclaim();
    assertThat(array.space()).isEqualTo(space(0, 2 * MIB, 0, 4 * MIB));
  }
}
