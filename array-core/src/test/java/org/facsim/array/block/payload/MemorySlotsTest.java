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

class MemorySlotsTest {
  private static final int SLAB_SLOTS = 1 << 10;

  private final MemorySlots slots = new MemorySlots();
  private int end;

  private void grow() {
    end += SLAB_SLOTS;
    slots.grow(end);
  }

  private record Stretch(int first, int length) {}

  /** Against a model: nothing twice, never slot 0, and all that is free can be had. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void givesEachSlotOnceWhateverComesBack(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    BitSet model = new BitSet();
    model.set(0);
    List<Stretch> taken = new ArrayList<>();
    int free = 0;
    for (int i = 0; i < 50_000; i++) {
      boolean grows = (i / 5_000) % 2 == 0;
      if (!taken.isEmpty() && random.nextInt(10) >= (grows ? 7 : 3)) {
        int at = random.nextInt(taken.size());
        Stretch back = taken.set(at, taken.get(taken.size() - 1));
        taken.remove(taken.size() - 1);
        for (int slot = back.first; slot < back.first + back.length; slot++) {
          slots.give(slot);
          model.clear(slot);
        }
        free += back.length;
        continue;
      }
      int length = random.nextInt(3) > 0 ? 1 : 1 + random.nextInt(MemorySlots.MAX_STRETCH);
      int first;
      if (length == 1) {
        if (free == 0) {
          int before = end;
          grow();
          free += SLAB_SLOTS - (before == 0 ? 1 : 0);
        }
        first = slots.take();
      } else {
        first = slots.takeStretch(length);
        if (first < 0) {
          continue;
        }
      }
      for (int slot = first; slot < first + length; slot++) {
        assertThat(slot).isBetween(1, end - 1);
        assertThat(model.get(slot)).as("seed %d, step %d, slot %d", seed, i, slot).isFalse();
        model.set(slot);
      }
      assertThat(first >>> 8).as("in one run").isEqualTo((first + length - 1) >>> 8);
      taken.add(new Stretch(first, length));
      free -= length;
    }
    while (free-- > 0) {
      int slot = slots.take();
      assertThat(model.get(slot)).isFalse();
      model.set(slot);
    }
    assertThat(model.cardinality()).isEqualTo(end);
  }

  @Test
  void stretchesFollowEachOtherAndSingleSlotsLieElsewhere() {
    grow();
    int first = slots.takeStretch(16);
    int single = slots.take();
    assertThat(slots.takeStretch(16)).isEqualTo(first + 16);
    assertThat(slots.take()).isEqualTo(single + 1);
    assertThat(slots.takeStretch(16)).isEqualTo(first + 32);
    assertThat(single >>> 8).isNotEqualTo(first >>> 8);
  }

  @Test
  void aRunThatBecameFreeLastIsUsedFirst() {
    grow();
    int[] firsts = new int[3];
    for (int i = 0; i < firsts.length; i++) {
      firsts[i] = slots.takeStretch(256);
    }
    assertThat(slots.takeStretch(256)).as("the run of slot 0 is not empty").isEqualTo(-1);
    for (int slot = firsts[1]; slot < firsts[1] + 256; slot++) {
      slots.give(slot);
    }
    for (int slot = firsts[0]; slot < firsts[0] + 256; slot++) {
      slots.give(slot);
    }
    assertThat(slots.takeStretch(256)).isEqualTo(firsts[0]);
    assertThat(slots.takeStretch(256)).isEqualTo(firsts[1]);
  }

  @Test
  void holesAreFoundWhenNoRunIsEmpty() {
    grow();
    while (slots.takeStretch(16) > 0) {
      // until nothing is left
    }
    for (int slot = 512 + 37; slot < 512 + 37 + 20; slot++) {
      slots.give(slot);
    }
    assertThat(slots.takeStretch(21)).isEqualTo(-1);
    assertThat(slots.takeStretch(16)).isEqualTo(512 + 37);
    assertThat(slots.takeStretch(16)).isEqualTo(-1);
    for (int i = 0; i < 4; i++) {
      assertThat(slots.take()).as("the rest, also of the run of stretches").isGreaterThan(0);
    }
  }
}
