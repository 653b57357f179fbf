/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.array.Inode;
import org.facsim.protocol.testing.Interleavings;
import org.facsim.protocol.testing.Interleavings.Step;
import org.junit.jupiter.api.Test;

/**
 * What several threads do to a lock table at once is what some order of the same steps does. The
 * last step of every scenario looks whether the table agrees with itself.
 */
class LockTableRaceTest {
  private static final LockedVolume LOCKED = new LockedVolume();
  private static final Inode FILE = LOCKED.file("f");
  private static final int OWNERS = 4;
  private static final List<ByteRange> RANGES =
      List.of(new ByteRange(0, 9), new ByteRange(5, 14), ByteRange.WHOLE);

  private record Client(int number) implements LockClient {}

  private static LockOwner owner(int number) {
    return new LockOwner(new Client(number / 2), number);
  }

  /** A table, and how often its waiters were told. */
  private static final class Subject {
    final LockTable table = new LockTable();
    final AtomicInteger told = new AtomicInteger();

    String await(LockOwner who, ByteRange range) {
      return word(
          table.lockOrWait(FILE, who, range, LockMode.EXCLUSIVE, held -> told.incrementAndGet()));
    }

    /** Between the look and the lock somebody else may come: the planted mistake. */
    boolean lockIfFree(LockOwner who) {
      boolean free = table.test(FILE, who, ByteRange.WHOLE, LockMode.EXCLUSIVE) == null;
      Interleavings.letOthersIn();
      if (free) {
        table.lock(FILE, who, ByteRange.WHOLE, LockMode.EXCLUSIVE);
      }
      return free;
    }

    /** Nobody stands against another, and who was told has what it was told of. */
    boolean agreesWithItself() {
      List<HeldLock> held = table.held();
      for (HeldLock one : held) {
        for (HeldLock other : held) {
          if (!one.owner().equals(other.owner())
              && one.range().overlaps(other.range())
              && one.mode().conflictsWith(other.mode())) {
            return false;
          }
        }
      }
      return true;
    }

    /**
     * Everything goes; what is booked for locks and waiters goes with it. One step of the table.
     */
    String end() {
      synchronized (table) {
        table.release(owner -> true);
        return table.countedBytes() + " bytes, " + table.waiterCount() + " waiters";
      }
    }
  }

  private static String word(LockOutcome outcome) {
    return outcome.getClass().getSimpleName();
  }

  private static List<Step<Subject>> steps() {
    List<Step<Subject>> steps = new ArrayList<>();
    for (int number = 0; number < OWNERS; number++) {
      LockOwner who = owner(number);
      for (ByteRange range : RANGES) {
        String what = "(" + number + ", " + range + ")";
        steps.add(
            new Step<>(
                "exclusive" + what, s -> word(s.table.lock(FILE, who, range, LockMode.EXCLUSIVE))));
        steps.add(
            new Step<>(
                "shared" + what, s -> word(s.table.lock(FILE, who, range, LockMode.SHARED))));
        steps.add(new Step<>("await" + what, s -> s.await(who, range)));
        steps.add(
            new Step<>("cancel" + what, s -> s.table.cancel(FILE, who, range, LockMode.EXCLUSIVE)));
        steps.add(new Step<>("unlock" + what, s -> s.table.unlock(FILE, who, range)));
        steps.add(
            new Step<>(
                "isFree" + what, s -> s.table.test(FILE, who, range, LockMode.SHARED) == null));
      }
      steps.add(
          new Step<>(
              "release(" + number + ")",
              s -> s.table.release(each -> each.client().equals(who.client()))));
    }
    steps.add(new Step<>("locks", s -> s.table.held().size() + " held, " + s.told + " told"));
    steps.add(new Step<>("agrees", Subject::agreesWithItself));
    steps.add(new Step<>("end", Subject::end));
    return steps;
  }

  @Test
  void concurrentStepsAreSomeOrderOfThem() throws Exception {
    new Interleavings<>(Subject::new, steps()).check(150, 40);
  }

  @Test
  void aMistakeIsFound() {
    List<Step<Subject>> hasty =
        List.of(
            new Step<>("lockIfFree(0)", s -> s.lockIfFree(owner(0))),
            new Step<>("lockIfFree(2)", s -> s.lockIfFree(owner(2))),
            new Step<>("unlock(0)", s -> s.table.unlock(FILE, owner(0), ByteRange.WHOLE)));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> new Interleavings<>(Subject::new, hasty).check(200, 200))
        .withMessageContaining("orders answer");
  }
}
