/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.facsim.array.log.PayloadStore;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * From outside: a disk is overwritten until every slot of the payload file was used several times,
 * with the power failing in between. What the last durable group holds must be there, so no slot
 * that it names may have been written again, however much was written since.
 */
class SlotReuseTest {
  private static final int BLOCKS = 250;
  private static final int WRITES = 4000;
  private static final int WRITES_PER_GROUP = 1000;
  private static final int BLOCK = Volume.BLOCK_BYTES;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noSlotThatTheLastDurableGroupNamesIsWrittenAgain(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedDisk disk = new SimulatedDisk(seed);
    long size = 16L << 20;
    try (Workbench bench = new Workbench(size, size, VolumeLimits.DEFAULT, disk)) {
      Inode file = bench.file("disk");
      bench.write(file, 0, noise(random, BLOCKS));
      bench.array.commitIfDurable();
      byte[] durable = bench.read(file);
      for (int i = 0; i < WRITES; i++) {
        bench.write(file, (long) random.nextInt(BLOCKS) * BLOCK, noise(random, 1));
        if (random.nextInt(200) == 0) {
          assertFound(durable, bench, file, "seed " + seed + ", write " + i);
          bench.array.commitIfDurable();
          durable = bench.read(file);
          assertFound(durable, bench, file, "seed " + seed + ", committed after write " + i);
        }
      }
      try (PayloadStore payload = disk.payload(bench.volume.id())) {
        assertThat(payload.sizeBytes()).isLessThan((long) WRITES / 2 * BLOCK);
      }
    }
  }

  /**
   * A group is cut and then cannot be made durable; the slots that it freed hold what the last
   * durable group names, however much is written meanwhile.
   */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void noSlotIsWrittenAgainWhileTheGroupThatFreedItFails(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedDisk disk = new SimulatedDisk(seed);
    long size = 16L << 20;
    try (Workbench bench = new Workbench(size, size, VolumeLimits.DEFAULT, disk)) {
      Inode file = bench.file("disk");
      bench.write(file, 0, noise(random, BLOCKS));
      bench.array.commitIfDurable();
      byte[] durable = bench.read(file);
      overwrite(bench, file, random);
      disk.plan(SimulatedDisk.Trouble.FAILING, disk.operations(), Long.MAX_VALUE);
      assertThatThrownBy(() -> bench.array.commitIfDurable()).isInstanceOf(ArrayException.class);
      disk.plan(SimulatedDisk.Trouble.FAILING, Long.MAX_VALUE, Long.MAX_VALUE);
      overwrite(bench, file, random);
      assertFound(durable, bench, file, "seed " + seed);
      bench.array.commitIfDurable();
      assertFound(bench.read(file), bench, file, "seed " + seed + ", the disk is well again");
    }
  }

  /** So often that everything freed before would be used again if it could. */
  private static void overwrite(Workbench bench, Inode file, SplittableRandom random) {
    for (int i = 0; i < WRITES_PER_GROUP; i++) {
      bench.write(file, (long) random.nextInt(BLOCKS) * BLOCK, noise(random, 1));
    }
  }

  private static byte[] noise(SplittableRandom random, int blocks) {
    byte[] bytes = new byte[blocks * BLOCK];
    random.nextBytes(bytes);
    return bytes;
  }

  private static void assertFound(byte[] durable, Workbench bench, Inode file, String where) {
    try (Workbench found = bench.copyAfterPowerFailure()) {
      Inode again = found.array.resolve(file.handle());
      assertThat(found.read(again)).as(where).isEqualTo(durable);
      assertThat(found.audit()).as(where).isEmpty();
    }
  }
}
