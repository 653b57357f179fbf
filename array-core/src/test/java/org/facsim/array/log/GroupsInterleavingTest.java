/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.facsim.array.ArrayException;
import org.facsim.array.log.file.SimulatedDisk;
import org.junit.jupiter.api.Test;

/**
 * Writers that change two rows at once, commit and are told; groups that cannot be cut whole; a
 * power failure after each step. Both rows are always of one change, and no change that was
 * acknowledged is missing.
 *
 * <p>Shift with {@code -Dfacsim.interleaving.seed=7}.
 */
class GroupsInterleavingTest {
  private static final long SEED = Long.getLong("facsim.interleaving.seed", 0);

  /** Two rows that belong together, as the tables of the array keep them: what is cut is clean. */
  private static final class Pair implements TransactionGroups.Source {
    final ReentrantLock lock = new ReentrantLock();
    final boolean[] dirty = new boolean[2];
    long value;
    int cutsUntilFailure = Integer.MAX_VALUE;

    /** Returns the number of the change, which both rows have as their value. */
    long change() {
      lock.lock();
      try {
        Arrays.fill(dirty, true);
        return ++value;
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void cut(Group group) {
      Batch into = group.batch();
      lock.lock();
      try {
        for (int row = 0; row < 2; row++) {
          if (row == 1 && --cutsUntilFailure == 0) {
            throw new OutOfMemoryError("a simulated end of memory");
          }
          if (dirty[row]) {
            dirty[row] = false;
            into.put(RecordKind.STATE, 0, 0, row, ByteBuffer.allocate(8).putLong(value).flip());
          }
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public void durable(long group) {}
  }

  private static final class Scene {
    final SimulatedDisk disk = new SimulatedDisk(1);
    final Interleaving order = new Interleaving();
    final Pair pair = new Pair();
    final TransactionGroups groups = new TransactionGroups(pair, disk.log(), 0, () -> {});
    final AtomicLong acknowledged = new AtomicLong();
    final AtomicInteger acknowledgedCount = new AtomicInteger();

    Scene(int failingCut) {
      pair.cutsUntilFailure = failingCut;
      disk.visit(
          moment -> {
            order.point(moment.name());
            assertWhole();
          });
      for (int writer = 1; writer <= 3; writer++) {
        order.actor("writer " + writer, this::changeAndCommit);
      }
    }

    private void changeAndCommit() {
      for (int i = 0; i < 3; i++) {
        long change = pair.change();
        order.point("CHANGED");
        try {
          groups.commit();
          acknowledged.accumulateAndGet(change, Math::max);
          acknowledgedCount.incrementAndGet();
        } catch (ArrayException | IllegalStateException | OutOfMemoryError e) {
          // not acknowledged, this one and perhaps all that follow
        }
        assertWhole();
      }
    }

    private void assertWhole() {
      long atLeast = acknowledged.get();
      List<Long> found = new ArrayList<>();
      disk.afterPowerFailure()
          .metadata()
          .load(RecordKind.STATE, 0, (kind, volume, owner, id, row) -> found.add(changeOf(row)));
      if (found.isEmpty()) {
        assertThat(atLeast).as("acknowledged, and nothing is there").isZero();
      } else {
        assertThat(found).as("both rows").hasSize(2);
        assertThat(found.get(0)).as("rows of one change").isEqualTo(found.get(1));
        assertThat(found.get(0)).as("not lost").isGreaterThanOrEqualTo(atLeast);
      }
    }

    private static long changeOf(ByteBuffer row) {
      return row.order(ByteOrder.BIG_ENDIAN).getLong();
    }
  }

  @Test
  void groupsAreWholeInEveryOrder() {
    for (long seed = SEED; seed < SEED + 150; seed++) {
      Scene scene = new Scene(Integer.MAX_VALUE);
      scene.order.run("seed " + seed, Interleaving.random(seed));
      assertThat(scene.acknowledgedCount.get()).as("seed %d", seed).isEqualTo(9);
    }
  }

  /** After that nothing may be acknowledged that is not there, or all is cut again as a whole. */
  @Test
  void aGroupThatCouldNotBeCutWholeIsNeverDurableInPart() {
    for (int number = 0; number < 150; number++) {
      long seed = SEED + number;
      Scene scene = new Scene(1 + number % 6);
      scene.order.run("seed " + seed, Interleaving.random(seed));
    }
  }
}
