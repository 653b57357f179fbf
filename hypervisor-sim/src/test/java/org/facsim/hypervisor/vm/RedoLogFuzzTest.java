/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.facsim.hypervisor.Rig;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Redo logs with damaged headers, directories and tables: opened and read, or DAMAGED. */
class RedoLogFuzzTest {
  private static final long CAPACITY = 3 << 20;
  private static final int ROUNDS = 80;

  private final Rig rig = new Rig();

  @AfterEach
  void closeRig() {
    rig.close();
  }

  @ParameterizedTest
  @CsvSource({"VMFS_SPARSE, 1", "VMFS_SPARSE, 2", "SE_SPARSE, 1", "SE_SPARSE, 2"})
  void damageIsReadOrReported(RedoLogFormat format, long seed) {
    LayeredDisk disk = new LayeredDisk(rig.datastore, "vm", CAPACITY, seed);
    disk.log(format, "base-000001", "base.vmdk");
    disk.change("base-000001.vmdk", 40);
    DatastoreFile file = rig.datastore.open("vm/base-000001" + format.suffix());
    // Headers, directory and the first tables of either format.
    int[] places =
        format == RedoLogFormat.VMFS_SPARSE
            ? new int[] {0, 2048, 4096}
            : new int[] {0, 512, 4096 * 512, 6144 * 512};
    SplittableRandom random = new SplittableRandom(seed);
    int damaged = 0;
    for (int round = 0; round < ROUNDS; round++) {
      long place = (long) places[random.nextInt(places.length)] + random.nextInt(128);
      byte[] before = file.readFully(place, 8);
      byte[] after = new byte[8];
      for (int i = 0; i < after.length; i++) {
        after[i] = random.nextBoolean() ? before[i] : (byte) random.nextInt();
      }
      file.writeStable(place, after);
      try {
        DiskChain chain = DiskChain.open(rig.datastore, "vm/base-000001.vmdk");
        assertThat(chain.readFully(0, (int) CAPACITY)).hasSize((int) CAPACITY);
      } catch (DatastoreException e) {
        damaged++;
        assertThat(e.error())
            .as("seed %d, round %d", seed, round)
            .isEqualTo(DatastoreError.DAMAGED);
        assertThat(e).hasMessageStartingWith("vm/base-000001");
      }
      file.writeStable(place, before);
    }
    assertThat(damaged).isPositive().isLessThan(ROUNDS);
  }
}
