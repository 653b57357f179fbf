/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Blocks may not take the memory that answers need. */
class SlabBudgetTest {
  private static final long MEBIBYTE = 1 << 20;

  private final AtomicLong poolBytes = new AtomicLong();
  private final AtomicLong nowNanos = new AtomicLong();
  private final List<String> log = new ArrayList<>();

  private SlabBudget budget(long limitBytes, boolean countedByPool) {
    return new SlabBudget(limitBytes, poolBytes::get, countedByPool);
  }

  @Test
  void theReserveIsAQuarterButNeitherAbsurdNorMoreThanHalf() {
    assertThat(SlabBudget.reserveBytes(16 * MEBIBYTE)).isEqualTo(8 * MEBIBYTE);
    assertThat(SlabBudget.reserveBytes(100 * MEBIBYTE)).isEqualTo(32 * MEBIBYTE);
    assertThat(SlabBudget.reserveBytes(1024 * MEBIBYTE)).isEqualTo(256 * MEBIBYTE);
    assertThat(SlabBudget.reserveBytes(64 * 1024 * MEBIBYTE)).isEqualTo(512 * MEBIBYTE);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void slabsLeaveTheReserveAndWhatIsGivenBackCanBeTakenAgain(boolean countedByPool) {
    SlabBudget budget = budget(128 * MEBIBYTE, countedByPool);
    for (int i = 0; i < 96; i++) {
      assertThat(budget.leftBytes()).isEqualTo((96 - i) * MEBIBYTE);
      assertThat(budget.tryTake(MEBIBYTE)).isTrue();
      if (countedByPool) {
        poolBytes.addAndGet(MEBIBYTE);
      }
    }
    assertThat(budget.tryTake(1)).isFalse();
    assertThat(budget.leftBytes()).isZero();
    budget.giveBack(MEBIBYTE);
    if (countedByPool) {
      poolBytes.addAndGet(-MEBIBYTE);
    }
    assertThat(budget.leftBytes()).isEqualTo(MEBIBYTE);
    assertThat(budget.tryTake(MEBIBYTE)).isTrue();
  }

  /** What is booked need not be taken yet; and when it is, it is not counted twice. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsBookedIsLeftBySlabsAndTakesNothingOfTheReserve(boolean countedByPool) {
    SlabBudget budget = budget(128 * MEBIBYTE, countedByPool);
    assertThat(budget.tryBook(97 * MEBIBYTE)).isFalse();
    assertThat(budget.tryBook(60 * MEBIBYTE)).isTrue();
    assertThat(budget.leftBytes()).isEqualTo(36 * MEBIBYTE);
    poolBytes.set(60 * MEBIBYTE);
    assertThat(budget.leftBytes()).isEqualTo(36 * MEBIBYTE);
    assertThat(budget.tryBook(37 * MEBIBYTE)).isFalse();
    assertThat(budget.tryTake(37 * MEBIBYTE)).isFalse();
    assertThat(budget.tryTake(36 * MEBIBYTE)).isTrue();
    assertThat(budget.tryBook(1)).isFalse();
    budget.giveBackBooked(60 * MEBIBYTE);
    poolBytes.set(countedByPool ? 36 * MEBIBYTE : 0);
    assertThat(budget.leftBytes()).isEqualTo(60 * MEBIBYTE);
  }

  /** The JVM counts both on JDK 17 and only the others from 22 on: the sum is bounded by both. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatOthersHoldBeyondTheirReserveIsNotThereForSlabs(boolean countedByPool) {
    SlabBudget budget = budget(128 * MEBIBYTE, countedByPool);
    poolBytes.set(100 * MEBIBYTE);
    assertThat(budget.leftBytes()).isEqualTo(28 * MEBIBYTE);
    assertThat(budget.tryTake(29 * MEBIBYTE)).isFalse();
    assertThat(budget.tryTake(28 * MEBIBYTE)).isTrue();
    poolBytes.addAndGet(countedByPool ? 28 * MEBIBYTE : 0);
    assertThat(budget.tryTake(1)).isFalse();
  }

  @Test
  void theEndOfMemoryIsLoggedOnceAMinuteAndSaysWhatToRaise() {
    SlabBudget budget = budget(4 * MEBIBYTE, false);
    DirectMemory memory = new DirectMemory(Long.MAX_VALUE, budget, nowNanos::get, log::add);
    DirectMemory.Slab slab = memory.allocate((int) MEBIBYTE);
    assertThat(log).isEmpty();
    for (int i = 0; i < 1000; i++) {
      assertThatExceptionOfType(ArrayException.class)
          .isThrownBy(() -> memory.allocate((int) MEBIBYTE))
          .returns(ArrayError.NO_SPACE, ArrayException::error);
      nowNanos.addAndGet(50_000_000);
    }
    assertThat(log).singleElement().asString().contains("-XX:MaxDirectMemorySize");
    nowNanos.addAndGet(60_000_000_000L);
    assertThatExceptionOfType(ArrayException.class)
        .isThrownBy(() -> memory.allocate((int) MEBIBYTE));
    assertThat(log).hasSize(2);

    memory.free(slab);
    assertThat(memory.bytes()).isZero();
    memory.free(memory.allocate((int) MEBIBYTE)); // at once, no second of refusals
  }
}
