/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.facsim.array.Volume.AttributeMode;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.log.file.SimulatedDisk;
import org.facsim.array.log.file.SimulatedDisk.Trouble;
import org.facsim.array.volume.VolumeLimits;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory ends while a transaction group is cut, after any change that was put into it. */
class HalfCutTest {
  private static final long CAPACITY_BYTES = 600L * Volume.BLOCK_BYTES;

  private static void change(Workbench bench, SplittableRandom random) {
    bench.clock.advance(Duration.ofMillis(1));
    List<DirectoryEntry> entries = bench.list(bench.root, 100);
    String fresh = "f" + random.nextInt(14);
    if (entries.size() < 3) {
      Workbench.errorOf(() -> bench.file(fresh));
      return;
    }
    Inode any = entries.get(random.nextInt(entries.size())).inode();
    Inode other = entries.get(random.nextInt(entries.size())).inode();
    Name name = entries.get(random.nextInt(entries.size())).name();
    Volume volume = bench.volume;
    Caller root = Caller.ROOT;
    Workbench.errorOf(
        switch (random.nextInt(12)) {
          case 0 -> () -> volume.names().remove(root, bench.root, name);
          case 1 -> () -> volume.clones().cloneFile(root, any, other);
          case 2 -> () -> volume.names().rename(root, bench.root, name, bench.root, Name.of(fresh));
          case 3 -> () -> bench.directory(fresh);
          case 4 -> () -> volume.snapshots().create(root, bench.root, fresh);
          case 5 ->
              () ->
                  volume
                      .attributes()
                      .setExtendedAttribute(
                          root, any, fresh, new byte[random.nextInt(99)], AttributeMode.EITHER);
          case 6 -> () -> volume.attributes().removeExtendedAttribute(root, any, fresh);
          case 7 ->
              () ->
                  volume.snapshots().all().stream()
                      .findFirst()
                      .ifPresent(snapshot -> volume.snapshots().delete(root, snapshot));
          case 8 ->
              () ->
                  volume
                      .attributes()
                      .setAttributes(
                          root, any, AttributeChanges.ofSize(random.nextInt(90_000)), null);
          case 9 -> () -> bench.file(fresh);
          default ->
              () ->
                  bench.writeBlocks(
                      any, random.nextInt(20), 1 + random.nextInt(4), name.hashCode());
        });
  }

  /** Commits of itself: null if it is durable, NO_SPACE if memory ended. */
  private static ArrayError changeStates(Workbench bench, SplittableRandom random) {
    String name = "st" + random.nextInt(3);
    return Workbench.errorOf(
        switch (random.nextInt(3)) {
          case 0 -> () -> bench.array.restoreState(name);
          case 1 -> () -> bench.array.deleteState(name);
          default -> () -> bench.array.saveState(name);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void halfAGroupIsNeverDurableAndNothingOfItIsLost(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedDisk disk = new SimulatedDisk(seed);
    Workbench bench = new Workbench(CAPACITY_BYTES, CAPACITY_BYTES, VolumeLimits.DEFAULT, disk);
    bench.array.commitIfDurable();
    SeenVolume last = SeenVolume.of(bench);
    int failures = 0;
    for (int round = 0; round < 60; round++) {
      String where = "seed " + seed + ", round " + round;
      for (int i = random.nextInt(6); i >= 0; i--) {
        change(bench, random);
      }
      disk.endMemoryAfter(random.nextInt(25));
      if (random.nextInt(3) == 0 && changeStates(bench, random) == null) {
        last = SeenVolume.of(bench);
      }
      ArrayError error = Workbench.errorOf(bench.array::commitIfDurable);
      if (error != null) {
        failures++;
        assertThat(error).as(where).isEqualTo(ArrayError.NO_SPACE);
        assertThat(found(bench).isSameContentAs(last)).as(where).isTrue();
        change(bench, random);
        disk.endMemoryAfter(Long.MAX_VALUE);
        failNextCommit(bench, disk, random, last, where);
      }
      disk.endMemoryAfter(Long.MAX_VALUE);
      bench.array.commitIfDurable();
      last = SeenVolume.of(bench);
      bench.array.commitIfDurable();
      SeenVolume found = found(bench);
      assertThat(found.isSameContentAs(last))
          .as("%s:%n%s", where, found.differencesFrom(last))
          .isTrue();
      assertThat(bench.audit()).as(where).isEmpty();
    }
    assertThat(failures).isGreaterThan(15);
    bench.close();
  }

  /** Half a group that is appended by itself would be found here. */
  private static void failNextCommit(
      Workbench bench, SimulatedDisk disk, SplittableRandom random, SeenVolume last, String where) {
    SeenVolume asked = SeenVolume.of(bench);
    long from = disk.operations() + random.nextInt(3);
    disk.plan(Trouble.FAILING, from, from + 1);
    Workbench.errorOf(bench.array::commitIfDurable);
    SeenVolume found = found(bench);
    assertThat(found.isSameContentAs(last) || found.isSameContentAs(asked)).as(where).isTrue();
    disk.plan(Trouble.FAILING, Long.MAX_VALUE, Long.MAX_VALUE);
  }

  private static SeenVolume found(Workbench bench) {
    try (Workbench side = bench.copyAfterPowerFailure()) {
      return SeenVolume.of(side);
    }
  }
}
