/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SparseArrayTest {
  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void behavesLikeASortedMap(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SparseArray<Long> array = new SparseArray<>();
    TreeMap<Long, Long> model = new TreeMap<>();
    long index = random.nextInt(100);
    for (int step = 0; step < 20_000; step++) {
      int choice = random.nextInt(10);
      if (choice < 4 || model.isEmpty()) {
        index += 1 + (random.nextInt(50) == 0 ? random.nextLong(1L << random.nextInt(1, 50)) : 0);
        array.append(index, -index);
        model.put(index, -index);
      } else if (choice < 8) {
        Long near = anyKey(model, random);
        array.remove(near);
        model.remove(near);
      } else if (choice < 9) {
        Long near = anyKey(model, random);
        array.replace(near, (long) step);
        model.put(near, (long) step);
      }
      long probe = Math.max(0, anyIndex(model, random, index) + random.nextInt(-70, 70));
      assertThat(array.get(probe)).isEqualTo(model.get(probe));
      Map.Entry<Long, Long> next = model.ceilingEntry(probe);
      assertThat(array.next(probe)).isEqualTo(next == null ? null : next.getValue());
      assertThat(array.count()).isEqualTo(model.size());
    }
  }

  private static long anyIndex(NavigableMap<Long, Long> model, SplittableRandom random, long last) {
    return model.isEmpty() || random.nextInt(3) == 0
        ? random.nextLong(last + 1)
        : anyKey(model, random);
  }

  private static long anyKey(NavigableMap<Long, Long> model, SplittableRandom random) {
    return model.ceilingKey(random.nextLong(model.lastKey() + 1));
  }

  @Test
  void reachesTheLargestIndex() {
    SparseArray<String> array = new SparseArray<>();
    array.append(0, "first");
    array.append(Long.MAX_VALUE, "last");

    assertThat(array.get(0)).isEqualTo("first");
    assertThat(array.get(Long.MAX_VALUE)).isEqualTo("last");
    assertThat(array.next(1)).isEqualTo("last");
    assertThat(array.get(-1)).isNull();
  }

  @Test
  void refusesAnIndexThatWasUsedBefore() {
    SparseArray<String> array = new SparseArray<>();
    array.append(5, "five");
    array.remove(5);

    assertThatThrownBy(() -> array.append(5, "again")).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> array.remove(5)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> array.replace(4, "four")).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void readersFindWhatStaysWhileOthersComeAndGo() throws Exception {
    SparseArray<Long> array = new SparseArray<>();
    for (long i = 0; i < 10_000; i++) {
      array.append(i, i);
    }
    AtomicBoolean done = new AtomicBoolean();
    Thread writer =
        new Thread(
            () -> {
              for (long i = 10_000; i < 1_000_000; i++) {
                array.append(i, i);
                array.remove(i); // the newest goes at once
                if (i % 2 == 0 && i < 20_000) {
                  array.remove(i - 10_000); // even ones of the old go for good
                }
              }
              done.set(true);
            });
    writer.start();
    long rounds = 0;
    while (!done.get() || rounds == 0) {
      long expected = 1;
      for (Long found = array.next(0); found != null; found = array.next(found + 1)) {
        if (found % 2 == 1 && found < 10_000) {
          assertThat(found).isEqualTo(expected);
          expected += 2;
        }
      }
      assertThat(expected).isEqualTo(10_001);
      rounds++;
    }
    writer.join();
  }
}
