/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.payload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PayloadSlotsTest {
  private final PayloadSlots slots = new PayloadSlots();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void givesEachSlotOnceWhateverComesBack(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BitSet model = new BitSet();
    model.set(0);
    List<Integer> taken = new ArrayList<>();
    for (int i = 0; i < 200_000; i++) {
      boolean grows = (i / 20_000) % 2 == 0;
      if (taken.isEmpty() || random.nextInt(10) < (grows ? 7 : 3)) {
        int slot = slots.take();
        assertThat(model.get(slot)).as("seed %d, step %d, slot %d", seed, i, slot).isFalse();
        model.set(slot);
        taken.add(slot);
      } else {
        int at = random.nextInt(taken.size());
        int slot = taken.set(at, taken.get(taken.size() - 1));
        taken.remove(taken.size() - 1);
        slots.give(slot);
        model.clear(slot);
      }
      if (random.nextInt(10_000) == 0) {
        slots.growthRefused(random.nextInt(1 << 17));
      }
      assertThat(slots.takenCount()).isEqualTo(taken.size());
    }
  }

  /** A disk overwritten at random, each old slot coming back one group later. */
  @Test
  void randomOverwritesStayCloseTogetherInAFileOfTwiceTheSize() {
    SplittableRandom random = new SplittableRandom(1);
    int[] disk = new int[1 << 15];
    for (int i = 0; i < disk.length; i++) {
      disk[i] = slots.take();
    }
    int greatest = 0;
    long runs = 0;
    long writes = 0;
    int before = 0;
    List<Integer> freed = new ArrayList<>();
    for (int i = 0; i < 400_000; i++) {
      int at = random.nextInt(disk.length);
      freed.add(disk[at]);
      disk[at] = slots.take();
      greatest = Math.max(greatest, disk[at]);
      if (i > 200_000) {
        writes++;
        runs += disk[at] == before + 1 ? 0 : 1;
      }
      before = disk[at];
      if (freed.size() == 64) {
        freed.forEach(slots::give);
        freed.clear();
      }
    }
    assertThat(greatest).isLessThan(2 * disk.length + 2000);
    assertThat((double) writes / runs).isGreaterThan(4);
  }

  @Test
  void aFullHostDiskIsMetWithWhatIsFreeInTheFile() {
    int count = 10 * PayloadSlots.RUN_SLOTS;
    List<Integer> taken = new ArrayList<>();
    int greatest = 0;
    for (int i = 0; i < count; i++) {
      taken.add(slots.take());
      greatest = Math.max(greatest, taken.get(i));
    }
    for (int i = 0; i < count; i += 2) {
      slots.give(taken.get(i));
    }
    slots.growthRefused(greatest + 1);
    for (int i = 0; i < count / 2 - PayloadSlots.RUN_SLOTS; i++) {
      assertThat(slots.take()).isLessThanOrEqualTo(greatest);
    }
  }

  @Test
  void slotsNamedTwiceOrNeverGivenAreRefused() {
    assertThat(slots.adopt(700)).isTrue();
    assertThat(slots.adopt(700)).isFalse();
    assertThat(slots.adopt(0)).isFalse();
    assertThat(slots.adopt(-5)).isFalse();
    assertThat(slots.takenCount()).isEqualTo(1);
  }
}
