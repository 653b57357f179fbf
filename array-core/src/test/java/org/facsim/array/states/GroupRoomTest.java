/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.facsim.array.Workbench.MIB;

import java.time.Instant;
import java.util.OptionalLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.ArrayOptions;
import org.facsim.array.AttributeChanges;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.array.Workbench;
import org.facsim.array.engine.ArrayAudit;
import org.facsim.array.engine.ArrayEngine;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.api.Test;

/** Restores that differ by more than the heap holds beside all else. */
class GroupRoomTest {
  private static final int FILES = 300;

  private static ArrayEngine open(SimulatedDisk disk, long metadataBytes) {
    ArrayOptions options =
        new ArrayOptions(1L << 30, () -> Instant.EPOCH, 42, OptionalLong.of(metadataBytes));
    return ArrayEngine.open(options, VolumeLimits.DEFAULT, disk, false);
  }

  private static Inode make(Volume volume, String name) {
    return volume
        .names()
        .create(Caller.ROOT, volume.root(), Name.of(name), Workbench.GUARDED, AttributeChanges.NONE)
        .inode();
  }

  /** A state of files with attributes of 75 MiB in all, which are removed since. */
  private static void fill(ArrayEngine array) {
    Volume volume = array.createVolume("v", 256 * MIB);
    for (int i = 0; i < FILES; i++) {
      Inode file = make(volume, "f" + i);
      for (int part = 0; part < 4; part++) {
        byte[] value = new byte[63 << 10];
        value[0] = (byte) part;
        volume
            .attributes()
            .setExtendedAttribute(
                Caller.ROOT, file, "user." + part, value, Volume.AttributeMode.EITHER);
      }
      array.commitIfDurable();
    }
    array.saveState("full");
    for (int i = 0; i < FILES; i++) {
      volume.names().remove(Caller.ROOT, volume.root(), Name.of("f" + i));
    }
    array.commitIfDurable();
  }

  @Test
  void aRestoreThatIsTooLargeForOneGroupIsRefusedAndTheArrayGoesOn() {
    SimulatedDisk disk = new SimulatedDisk(1);
    ArrayEngine array = open(disk, 120 * MIB);
    fill(array);
    Volume volume = array.volumes().get(0);
    assertThatThrownBy(() -> array.restoreState("full"))
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE))
        .hasMessageContaining("raise -Xmx");
    assertThat(array.restoreCount()).isZero();
    assertThat(ArrayAudit.of(array)).isEmpty();
    make(volume, "more");
    array.close();

    ArrayEngine larger = open(disk.afterPowerFailure(), 600 * MIB);
    larger.restoreState("full");
    Volume restored = larger.volumes().get(0);
    restored.names().lookup(Caller.ROOT, restored.root(), Name.of("f0"));
    assertThat(ArrayAudit.of(larger)).isEmpty();
    larger.close();
  }
}
