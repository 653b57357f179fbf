/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LockTableTest {
  private record Client(String name) implements LockClient {}

  private static final LockOutcome GRANTED = new LockOutcome.Granted();
  private static final LockOutcome WAITING = new LockOutcome.Waiting();

  private final LockedVolume locked = new LockedVolume();
  private final LockTable table = new LockTable();
  private final Inode file = locked.file("f");
  private final LockOwner anna = new LockOwner(new Client("a"), 1);
  private final LockOwner bert = new LockOwner(new Client("b"), 1);
  private final LockOwner carl = new LockOwner(new Client("c"), 1);
  private final List<HeldLock> told = new ArrayList<>();

  @AfterEach
  void close() {
    locked.close();
  }

  private static ByteRange bytes(long first, long last) {
    return new ByteRange(first, last);
  }

  private LockOutcome exclusive(LockOwner owner, long first, long last) {
    return table.lock(file, owner, bytes(first, last), LockMode.EXCLUSIVE);
  }

  private LockOutcome shared(LockOwner owner, long first, long last) {
    return table.lock(file, owner, bytes(first, last), LockMode.SHARED);
  }

  private LockOutcome await(LockOwner owner, long first, long last, LockMode mode) {
    return table.lockOrWait(file, owner, bytes(first, last), mode, told::add);
  }

  private HeldLock held(LockOwner owner, long first, long last, LockMode mode) {
    return new HeldLock(file, owner, bytes(first, last), mode);
  }

  @Test
  void readersShareAndWritersDoNot() {
    assertThat(shared(anna, 0, 9)).isEqualTo(GRANTED);
    assertThat(shared(bert, 5, 14)).isEqualTo(GRANTED);
    assertThat(exclusive(bert, 14, 20)).isEqualTo(GRANTED);
    assertThat(exclusive(carl, 9, 9)).isInstanceOf(LockOutcome.Denied.class);
    assertThat(exclusive(anna, 0, 4)).isEqualTo(GRANTED);
    assertThat(shared(carl, 20, ByteRange.END))
        .isEqualTo(new LockOutcome.Denied(held(bert, 14, 20, LockMode.EXCLUSIVE)));
  }

  @Test
  void whatIsDeniedChangesNothing() {
    exclusive(anna, 0, 9);
    List<HeldLock> before = table.held();
    exclusive(bert, 5, 20);
    assertThat(table.held()).isEqualTo(before);
  }

  @Test
  void aLockInTheMiddleOfAnotherModeSplitsIt() {
    shared(anna, 0, 99);
    exclusive(anna, 40, 49);
    assertThat(table.held())
        .containsExactly(
            held(anna, 0, 39, LockMode.SHARED),
            held(anna, 40, 49, LockMode.EXCLUSIVE),
            held(anna, 50, 99, LockMode.SHARED));
    shared(anna, 40, 49);
    assertThat(table.held()).containsExactly(held(anna, 0, 99, LockMode.SHARED));
  }

  @Test
  void neighboursMergeUpToTheEndOfTheFile() {
    exclusive(anna, 10, 19);
    exclusive(anna, 0, 9);
    exclusive(anna, 20, ByteRange.END);
    assertThat(table.held()).containsExactly(held(anna, 0, ByteRange.END, LockMode.EXCLUSIVE));
  }

  @Test
  void unlockingTheMiddleLeavesBothEnds() {
    exclusive(anna, 0, ByteRange.END);
    assertThat(table.unlock(file, anna, bytes(10, 19))).isTrue();
    assertThat(table.held())
        .containsExactly(
            held(anna, 0, 9, LockMode.EXCLUSIVE),
            held(anna, 20, ByteRange.END, LockMode.EXCLUSIVE));
    assertThat(exclusive(bert, 10, 19)).isEqualTo(GRANTED);
  }

  @Test
  void unlockingWhatIsNotHeldIsFine() {
    assertThat(table.unlock(file, anna, ByteRange.WHOLE)).isTrue();
    exclusive(bert, 0, 9);
    assertThat(table.unlock(file, anna, ByteRange.WHOLE)).isTrue();
    assertThat(table.held()).hasSize(1);
  }

  @Test
  void waitersAreServedInTheOrderOfTheirComing() {
    exclusive(anna, 0, 9);
    assertThat(await(bert, 0, 9, LockMode.EXCLUSIVE)).isEqualTo(WAITING);
    assertThat(await(carl, 0, 9, LockMode.EXCLUSIVE)).isEqualTo(WAITING);
    assertThat(told).isEmpty();
    table.unlock(file, anna, ByteRange.WHOLE);
    assertThat(told).containsExactly(held(bert, 0, 9, LockMode.EXCLUSIVE));
    assertThat(table.held()).isEqualTo(told);
    table.unlock(file, bert, ByteRange.WHOLE);
    assertThat(told).hasSize(2);
    assertThat(table.waiterCount()).isZero();
  }

  @Test
  void allReadersGetInWhenTheWriterLeaves() {
    exclusive(anna, 0, 9);
    await(bert, 0, 9, LockMode.SHARED);
    await(carl, 5, 20, LockMode.SHARED);
    shared(anna, 0, 9);
    assertThat(told).hasSize(2);
  }

  @Test
  void whoWaitsAlreadyKeepsHisPlace() {
    exclusive(anna, 0, 9);
    await(bert, 0, 9, LockMode.EXCLUSIVE);
    await(carl, 0, 9, LockMode.EXCLUSIVE);
    assertThat(await(bert, 0, 9, LockMode.EXCLUSIVE)).isEqualTo(WAITING);
    assertThat(table.waiterCount()).isEqualTo(2);
    table.unlock(file, anna, ByteRange.WHOLE);
    assertThat(told).containsExactly(held(bert, 0, 9, LockMode.EXCLUSIVE));
  }

  @Test
  void aCancelledWaitIsOver() {
    exclusive(anna, 0, 9);
    await(bert, 0, 9, LockMode.EXCLUSIVE);
    assertThat(table.cancel(file, bert, bytes(0, 9), LockMode.SHARED)).isFalse();
    assertThat(table.cancel(file, bert, bytes(0, 9), LockMode.EXCLUSIVE)).isTrue();
    assertThat(table.cancel(file, bert, bytes(0, 9), LockMode.EXCLUSIVE)).isFalse();
    table.unlock(file, anna, ByteRange.WHOLE);
    assertThat(told).isEmpty();
  }

  @Test
  void aCircleOfWaitsIsRefusedOverFilesToo() {
    Inode other = locked.file("g");
    exclusive(anna, 0, 9);
    table.lock(other, bert, ByteRange.WHOLE, LockMode.EXCLUSIVE);
    exclusive(carl, 20, 29);
    assertThat(await(bert, 20, 29, LockMode.SHARED)).isEqualTo(WAITING);
    assertThat(await(carl, 0, 0, LockMode.SHARED)).isEqualTo(WAITING);
    assertThat(table.lockOrWait(other, anna, bytes(7, 7), LockMode.SHARED, told::add))
        .isEqualTo(new LockOutcome.Deadlock());
    assertThat(table.waiterCount()).isEqualTo(2);
  }

  @Test
  void aLockedFileStaysUsableUntilItsLastLockIsGone() {
    exclusive(anna, 0, 9);
    await(bert, 0, 9, LockMode.EXCLUSIVE);
    locked.remove("f");
    assertThat(locked.isUsable(file)).isTrue();
    table.unlock(file, anna, ByteRange.WHOLE);
    assertThat(told).hasSize(1);
    assertThat(locked.isUsable(file)).isTrue();
    table.unlock(file, bert, ByteRange.WHOLE);
    assertThat(locked.isUsable(file)).isFalse();
    assertThatThrownBy(() -> exclusive(anna, 0, 9)).isInstanceOf(ArrayException.class);
    assertThat(table.held()).isEmpty();
  }

  @Test
  void whatIsDeniedOrCancelledHoldsNoFile() {
    exclusive(anna, 0, 9);
    exclusive(bert, 0, 9);
    await(carl, 0, 9, LockMode.EXCLUSIVE);
    table.cancel(file, carl, bytes(0, 9), LockMode.EXCLUSIVE);
    table.unlock(file, anna, ByteRange.WHOLE);
    locked.remove("f");
    assertThat(locked.isUsable(file)).isFalse();
  }

  @Test
  void aClientThatIsGoneMakesRoomEverywhere() {
    Inode other = locked.file("g");
    exclusive(anna, 0, 9);
    table.lock(other, anna, ByteRange.WHOLE, LockMode.EXCLUSIVE);
    await(bert, 0, 9, LockMode.EXCLUSIVE);
    assertThat(table.release(owner -> owner.client().equals(new Client("a")))).isEqualTo(2);
    assertThat(told).containsExactly(held(bert, 0, 9, LockMode.EXCLUSIVE));
    assertThat(table.held()).isEqualTo(told);
    assertThat(table.isIdle(anna.client())).isTrue();
    assertThat(table.isIdle(bert.client())).isFalse();
  }

  @Test
  void aDeletedVolumeIsForgotten() {
    exclusive(anna, 0, 9);
    await(bert, 0, 9, LockMode.EXCLUSIVE);
    locked.array.deleteVolume(locked.volume);
    table.forgetGone();
    assertThat(table.held()).isEmpty();
    assertThat(table.waiterCount()).isZero();
    assertThat(told).isEmpty();
  }

  @Test
  void filesThatARestoredStateDoesNotHaveAreForgottenAndOthersKeepTheirLocks() {
    exclusive(anna, 0, 9);
    locked.array.saveState("before");
    Inode later = locked.file("later");
    table.lock(later, anna, ByteRange.WHOLE, LockMode.EXCLUSIVE);
    locked.array.restoreState("before");
    table.forgetGone();
    assertThat(table.held()).containsExactly(held(anna, 0, 9, LockMode.EXCLUSIVE));
    assertThat(locked.isUsable(later)).isFalse();
    assertThat(table.unlock(file, anna, ByteRange.WHOLE)).isTrue();
    assertThat(table.held()).isEmpty();
  }

  @Test
  void rangesAndWaitersAreBounded() {
    LockTable small = new LockTable(6, 1);
    for (int i = 0; i < 5; i++) {
      assertThat(small.lock(file, anna, bytes(10L * i, 10L * i + 2), LockMode.SHARED))
          .isEqualTo(GRANTED);
    }
    assertThat(small.lock(file, anna, bytes(100, 100), LockMode.SHARED))
        .isEqualTo(new LockOutcome.Full());
    assertThat(small.unlock(file, anna, bytes(1, 1))).isTrue();
    assertThat(small.unlock(file, anna, bytes(11, 11))).as("would make a seventh").isFalse();
    assertThat(small.unlock(file, anna, bytes(10, 11))).isTrue();
    assertThat(small.held()).hasSize(6);

    assertThat(small.lockOrWait(file, bert, bytes(0, 0), LockMode.EXCLUSIVE, told::add))
        .isEqualTo(WAITING);
    assertThat(small.lockOrWait(file, carl, bytes(0, 0), LockMode.EXCLUSIVE, told::add))
        .isEqualTo(new LockOutcome.Full());
  }

  @Test
  void aClientWhoseLeaseHasRunOutGivesWay() {
    LockClient lapsed =
        new LockClient() {
          @Override
          public boolean giveWay() {
            table.release(owner -> owner.client() == this);
            return true;
          }
        };
    LockOwner owner = new LockOwner(lapsed, 1);
    assertThat(exclusive(owner, 0, 9)).isEqualTo(GRANTED);
    assertThat(table.isHeldBy(file, owner)).isTrue();
    assertThat(table.test(file, anna, bytes(0, 0), LockMode.SHARED)).isNull();
    assertThat(exclusive(owner, 0, 9)).isEqualTo(GRANTED);
    assertThat(exclusive(anna, 5, 5)).isEqualTo(GRANTED);
    assertThat(table.isHeldBy(file, owner)).isFalse();
    assertThat(exclusive(owner, 0, 9)).isInstanceOf(LockOutcome.Denied.class);
  }

  @Test
  void aWaitForAClientsLockIsSeen() {
    assertThat(exclusive(anna, 0, 9)).isEqualTo(GRANTED);
    assertThat(table.isAwaited(anna.client())).isFalse();
    assertThat(table.lockOrWait(file, bert, bytes(0, 0), LockMode.SHARED, told::add))
        .isEqualTo(WAITING);
    assertThat(table.isAwaited(anna.client())).isTrue();
    assertThat(table.isAwaited(bert.client())).isFalse();
  }
}
