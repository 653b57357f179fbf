/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is remembered when there is not room for all, and what is admitted. */
final class FairMemoryTest {
  @Test
  void aStormOfOneClientPushesOutItsOwn() {
    FairMemory<Integer, String> memory = new FairMemory<>(4);
    memory.put("quiet", -1, "kept");
    for (int i = 0; i < 100; i++) {
      memory.put("storm", i, "value " + i);
    }
    assertThat(memory.get(-1)).isEqualTo("kept");
    assertThat(memory.get(96)).isNull();
    assertThat(memory.get(97)).isEqualTo("value 97");
    assertThat(memory.size()).isEqualTo(4);
    for (int i = 0; i < 100; i++) {
      memory.put("client " + i, 1000 + i, "one each");
    }
    assertThat(memory.size()).isEqualTo(4);
    assertThat(memory.get(1099)).isEqualTo("one each");
  }

  /** Beside a model that looks through everything. */
  @Test
  void whoHasMostLosesItsOldest() {
    long seed = new SplittableRandom().nextLong();
    SplittableRandom random = new SplittableRandom(seed);
    FairMemory<Integer, Integer> memory = new FairMemory<>(8);
    Map<String, Deque<Integer>> model = new HashMap<>();
    for (int step = 0; step < 5000; step++) {
      int key = random.nextInt(30);
      model.values().forEach(keys -> keys.remove(key));
      if (random.nextInt(5) == 0) {
        memory.remove(key);
      } else {
        String client = "client " + random.nextInt(4);
        int before = model.values().stream().mapToInt(Deque::size).sum();
        int most = model.values().stream().mapToInt(Deque::size).max().orElse(0);
        memory.put(client, key, step);
        if (before == 8) {
          model.values().stream()
              .filter(keys -> keys.size() == most && memory.get(keys.peek()) == null)
              .findFirst()
              .orElseThrow(() -> new AssertionError("seed " + seed + ": nobody lost its oldest"))
              .remove();
        }
        model.computeIfAbsent(client, unused -> new ArrayDeque<>()).add(key);
      }
      int expected = model.values().stream().mapToInt(Deque::size).sum();
      assertThat(memory.size()).as("seed %d", seed).isEqualTo(expected);
      model
          .values()
          .forEach(keys -> keys.forEach(kept -> assertThat(memory.get(kept)).isNotNull()));
    }
  }

  @Test
  void aGreedyClientLeavesRoomForWhoAsksForLittle() {
    FairShare share = new FairShare(16, 12);
    assertThat(share.admits(11, 11)).isTrue();
    assertThat(share.admits(12, 12)).as("its share").isFalse();
    assertThat(share.admits(12, 4)).as("the last quarter").isFalse();
    assertThat(share.admits(12, 2)).isTrue();
    assertThat(share.admits(16, 0)).isFalse();
    assertThat(new FairShare(1, 1).admits(0, 0)).isTrue();
  }
}
