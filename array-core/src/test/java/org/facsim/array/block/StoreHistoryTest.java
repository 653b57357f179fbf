/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scale up with {@code -Dfacsim.store.history.factor=100}, shift with {@code .seed}. */
class StoreHistoryTest {
  private static final int FACTOR = Integer.getInteger("facsim.store.history.factor", 1);
  private static final long SEED = Long.getLong("facsim.store.history.seed", 0);

  @ParameterizedTest(name = "{0} % displaced, limit {1}")
  @CsvSource({"0, 100000", "10, 100000", "67, 100000", "0, 50", "10, 50", "67, 50"})
  void agreesWithTheModelAfterEachStep(int displacedPercent, long limitBlocks) {
    int refused = 0;
    long movedGroups = 0;
    for (int i = 0; i < 3 * FACTOR; i++) {
      long seed = SEED + i;
      StoreHistory history = new StoreHistory(seed, displacedPercent, limitBlocks);
      try {
        history.play(150);
        history.end();
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
      refused += history.refused;
      movedGroups += history.movedGroups;
    }
    assertThat(movedGroups).as("blocks were moved side by side").isPositive();
    assertThat(refused > 0).as("some step met the limit").isEqualTo(limitBlocks == 50);
  }

  @ParameterizedTest(name = "{0} % displaced, limit {1}")
  @CsvSource({"0, 100000", "10, 150", "67, 100000"})
  void agreesWithTheModelOnADiskThroughRestarts(int displacedPercent, long limitBlocks) {
    for (int i = 0; i < 4 * FACTOR; i++) {
      long seed = SEED + i;
      StoreHistory history =
          new StoreHistory(seed, displacedPercent, limitBlocks, new DurableVolume(seed));
      try {
        history.play(250);
        history.end();
      } catch (Throwable e) {
        throw new AssertionError("seed " + seed, e);
      }
      assertThat(history.movedGroups).as("in a file").isZero();
    }
  }
}
