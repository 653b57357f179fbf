/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Inode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A small budget: who locks without end is refused, others are not, and nothing is lost of it. */
class LockBudgetTest {
  private static final long BUDGET_BYTES = 256 << 10;

  private final LockedVolume locked = new LockedVolume();
  private final Inode file = locked.file("f");
  private final LockTable table = new LockTable(BUDGET_BYTES);

  /** Several hosts may be behind one address. */
  private record Host(String address, int number) implements LockClient {
    @Override
    public Object origin() {
      return address;
    }
  }

  private record Key(int number, int weightBytes) implements LockOwner.Weighed {}

  @AfterEach
  void close() {
    locked.close();
  }

  private static LockOwner owner(String address, int number) {
    return new LockOwner(new Host(address, number % 3), new Key(number, 100));
  }

  private LockOutcome lock(String address, int number) {
    ByteRange range = new ByteRange(2L * number, 2L * number);
    return table.lock(file, owner(address, number), range, LockMode.SHARED);
  }

  private int lockUntilFull(String address) {
    int locks = 0;
    while (lock(address, locks) instanceof LockOutcome.Granted) {
      locks++;
      assertThat(locks).isLessThan(10_000);
    }
    assertThat(lock(address, locks)).isEqualTo(new LockOutcome.Full());
    return locks;
  }

  @Test
  void oneOriginTakesHalfAndTheNextOnesFindRoom() {
    int first = lockUntilFull("greedy");
    assertThat(table.countedBytes()).isBetween(BUDGET_BYTES * 4 / 10, BUDGET_BYTES / 2);
    int second = lockUntilFull("greedy too");
    assertThat(second).isBetween(first / 3, first);
    for (int i = 0; i < 5; i++) {
      assertThat(lock("modest " + i, i)).isEqualTo(new LockOutcome.Granted());
    }
    assertThat(table.countedBytes()).isLessThanOrEqualTo(BUDGET_BYTES);
  }

  @Test
  void waitersCountToo() {
    LockOwner holder = owner("holder", 0);
    table.lock(file, holder, ByteRange.WHOLE, LockMode.EXCLUSIVE);
    List<HeldLock> told = new ArrayList<>();
    int waiting = 0;
    while (table.lockOrWait(
            file, owner("greedy", waiting), ByteRange.WHOLE, LockMode.EXCLUSIVE, told::add)
        instanceof LockOutcome.Waiting) {
      waiting++;
    }
    assertThat(waiting).isBetween(10, 40);
    assertThat(
            table.lockOrWait(
                file, owner("modest", 1), ByteRange.WHOLE, LockMode.EXCLUSIVE, told::add))
        .isEqualTo(new LockOutcome.Waiting());

    // what waited becomes held, which needs no more than the wait did
    long before = table.countedBytes();
    table.unlock(file, holder, ByteRange.WHOLE);
    assertThat(told).hasSize(1);
    assertThat(table.countedBytes()).isLessThan(before);
  }

  @Test
  void whatIsGivenUpCanBeHadAgainAndNothingStaysBooked() {
    int first = lockUntilFull("greedy");
    for (int round = 0; round < 3; round++) {
      assertThat(table.release(owner -> owner.client() instanceof Host)).isEqualTo(1);
      assertThat(table.countedBytes()).isZero();
      assertThat(lockUntilFull("greedy")).isEqualTo(first);
    }
    for (int i = 0; i < first; i++) {
      table.unlock(file, owner("greedy", i), ByteRange.WHOLE);
    }
    assertThat(table.countedBytes()).isZero();
    assertThat(table.isIdle(new Host("greedy", 0))).isTrue();
    locked.remove("f");
    assertThat(locked.isUsable(file)).isFalse();
  }

  @Test
  void aFileThatIsGoneGivesBackWhatItsLocksTook() {
    lockUntilFull("greedy");
    locked.array.deleteVolume(locked.volume);
    table.forgetGone();
    assertThat(table.countedBytes()).isZero();
  }

  @Test
  void whoIsRefusedKeepsWhatItHasAndMayGiveItUp() {
    int locks = lockUntilFull("greedy");
    assertThat(table.held()).hasSize(locks);
    assertThat(table.unlock(file, owner("greedy", 0), ByteRange.WHOLE)).isTrue();
    assertThat(lock("greedy", 0)).isEqualTo(new LockOutcome.Granted());
  }
}
