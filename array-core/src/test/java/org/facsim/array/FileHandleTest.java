/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.facsim.array.Workbench.errorOf;
import static org.facsim.array.Workbench.name;

import java.nio.ByteBuffer;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FileHandleTest {
  private final Workbench bench = new Workbench();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void handlesLeadBackToTheirFile() {
    Inode file = bench.file("disk.vmdk");
    FileHandle handle = FileHandle.readFrom(ByteBuffer.wrap(file.handle().toBytes()));

    assertThat(bench.array.resolve(handle)).isSameAs(file);
    assertThat(bench.array.resolve(bench.root.handle())).isSameAs(bench.root);
  }

  @Test
  void everyFlippedBitIsNoticed() {
    byte[] bytes = bench.file("disk.vmdk").handle().toBytes();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] forged = bytes.clone();
      forged[bit / 8] ^= (byte) (1 << (bit % 8));
      assertThat(errorOf(() -> bench.array.resolve(FileHandle.readFrom(ByteBuffer.wrap(forged)))))
          .as("bit %d", bit)
          .isEqualTo(ArrayError.BAD_HANDLE);
    }
  }

  @Test
  void aVolumeThatNeverWasIsNoticed() {
    FileHandle handle = bench.file("disk.vmdk").handle();
    for (int volumeId : new int[] {Integer.MIN_VALUE, -1, 0, 2, Integer.MAX_VALUE}) {
      FileHandle forged =
          new FileHandle(volumeId, handle.fileId(), handle.generation(), handle.check());
      assertThat(errorOf(() -> bench.array.resolve(forged)))
          .as("volume %d", volumeId)
          .isEqualTo(ArrayError.BAD_HANDLE);
    }
  }

  @Test
  void theHandleOfARemovedFileIsStaleForGood() {
    FileHandle handle = bench.file("disk.vmdk").handle();
    bench.volume.names().remove(Caller.ROOT, bench.root, name("disk.vmdk"));
    Inode next = bench.file("disk.vmdk");

    assertThat(errorOf(() -> bench.array.resolve(handle))).isEqualTo(ArrayError.STALE);
    assertThat(next.fileId()).isGreaterThan(handle.fileId());
  }

  @Test
  void theSameSeedGivesTheSameHandlesAndAnotherSeedOthers() {
    FileHandle handle = bench.file("disk.vmdk").handle();
    try (Workbench twin = new Workbench()) {
      assertThat(twin.file("disk.vmdk").handle()).isEqualTo(handle);
    }
    ArrayOptions other = new ArrayOptions(Workbench.MIB, bench.clock, 43);
    try (ArrayEngine stranger = ArrayEngine.ephemeral(other)) {
      stranger.createVolume("datastore1", Workbench.MIB);
      assertThat(errorOf(() -> stranger.resolve(bench.root.handle())))
          .isEqualTo(ArrayError.BAD_HANDLE);
    }
  }

  @Test
  void fileIdsAscendFromTheRootAndAreNeverReused() {
    long last = bench.root.fileId();
    assertThat(last).isEqualTo(1);
    for (int i = 0; i < 200; i++) {
      Inode file = bench.file("f");
      assertThat(file.fileId()).isEqualTo(last + 1);
      last = file.fileId();
      bench.volume.names().remove(Caller.ROOT, bench.root, name("f"));
    }
  }
}
