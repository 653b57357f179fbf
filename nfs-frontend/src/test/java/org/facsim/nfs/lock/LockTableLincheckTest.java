/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.lock;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.array.Inode;
import org.jetbrains.lincheck.LincheckAssertionError;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/**
 * What several threads do to a lock table at once is what some order of the same steps does: random
 * scenarios of three threads, run many times, each outcome looked for among those of all orders.
 */
class LockTableLincheckTest {
  private static final int SCENARIOS = 5;
  private static final int RUNS_OF_EACH = 100;
  private static final LockedVolume LOCKED = new LockedVolume();
  private static final List<Inode> FILES = List.of(LOCKED.file("f"), LOCKED.file("g"));
  private static final List<ByteRange> RANGES =
      List.of(new ByteRange(0, 9), new ByteRange(5, 14), ByteRange.WHOLE);

  private record Client(int number) implements LockClient {}

  /** The operations, in words that can be compared. */
  @Param(name = "owner", gen = IntGen.class, conf = "0:3")
  @Param(name = "range", gen = IntGen.class, conf = "0:2")
  public static class Steps {
    final LockTable table = new LockTable();
    private final Map<LockOwner, AtomicInteger> told = new ConcurrentHashMap<>();

    private static Inode file(int range) {
      return FILES.get(range % FILES.size());
    }

    static LockOwner owner(int number) {
      return new LockOwner(new Client(number / 2), number);
    }

    private static String word(LockOutcome outcome) {
      return outcome.getClass().getSimpleName();
    }

    @Operation
    public String exclusive(@Param(name = "owner") int owner, @Param(name = "range") int range) {
      return word(table.lock(file(range), owner(owner), RANGES.get(range), LockMode.EXCLUSIVE));
    }

    @Operation
    public String shared(@Param(name = "owner") int owner, @Param(name = "range") int range) {
      return word(table.lock(file(range), owner(owner), RANGES.get(range), LockMode.SHARED));
    }

    @Operation
    public String await(@Param(name = "owner") int owner, @Param(name = "range") int range) {
      LockOwner who = owner(owner);
      return word(
          table.lockOrWait(
              file(range),
              who,
              RANGES.get(range),
              LockMode.EXCLUSIVE,
              held -> told.computeIfAbsent(who, unused -> new AtomicInteger()).incrementAndGet()));
    }

    @Operation
    public boolean cancel(@Param(name = "owner") int owner, @Param(name = "range") int range) {
      return table.cancel(file(range), owner(owner), RANGES.get(range), LockMode.EXCLUSIVE);
    }

    @Operation
    public boolean unlock(@Param(name = "owner") int owner, @Param(name = "range") int range) {
      return table.unlock(file(range), owner(owner), RANGES.get(range));
    }

    @Operation
    public boolean isFree(@Param(name = "owner") int owner, @Param(name = "range") int range) {
      return table.test(file(range), owner(owner), RANGES.get(range), LockMode.SHARED) == null;
    }

    @Operation
    public int release(@Param(name = "owner") int owner) {
      LockClient gone = owner(owner).client();
      return table.release(each -> each.client().equals(gone));
    }

    @Operation
    public int locks() {
      return table.held().size();
    }

    /** At the end nobody stands against another, nobody waits for what is free, all is booked. */
    @Validate
    public void agreesWithItself() {
      List<HeldLock> held = table.held();
      for (HeldLock one : held) {
        for (HeldLock other : held) {
          if (one.file() == other.file()
              && !one.owner().equals(other.owner())
              && one.range().overlaps(other.range())
              && one.mode().conflictsWith(other.mode())) {
            throw new IllegalStateException(one + " and " + other);
          }
        }
      }
      table.release(owner -> true);
      if (table.countedBytes() != 0 || table.waiterCount() != 0) {
        throw new IllegalStateException("booked without a lock: " + table.countedBytes());
      }
    }
  }

  /** The planted mistake: between the look and the lock somebody else may come. */
  @Param(name = "owner", gen = IntGen.class, conf = "0:3")
  public static class Hasty {
    private final Steps steps = new Steps();

    @Operation
    public boolean lockIfFree(@Param(name = "owner") int owner) {
      boolean free =
          steps.table.test(FILES.get(0), Steps.owner(owner), ByteRange.WHOLE, LockMode.EXCLUSIVE)
              == null;
      if (free) {
        steps.table.lock(FILES.get(0), Steps.owner(owner), ByteRange.WHOLE, LockMode.EXCLUSIVE);
      }
      return free;
    }

    @Operation
    public boolean unlock(@Param(name = "owner") int owner) {
      return steps.table.unlock(FILES.get(0), Steps.owner(owner), ByteRange.WHOLE);
    }
  }

  private static StressOptions options() {
    return new StressOptions()
        .iterations(SCENARIOS)
        .invocationsPerIteration(RUNS_OF_EACH)
        .threads(3)
        .actorsPerThread(3)
        .actorsBefore(2)
        .actorsAfter(2);
  }

  @Test
  void concurrentStepsAreSomeOrderOfThem() {
    options().check(Steps.class);
  }

  @Test
  void aMistakeIsFound() {
    assertThatThrownBy(
            () -> options().iterations(20).invocationsPerIteration(5_000).check(Hasty.class))
        .isInstanceOf(LincheckAssertionError.class);
  }
}
