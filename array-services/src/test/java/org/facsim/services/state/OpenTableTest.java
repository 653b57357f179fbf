/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenTableTest {
  private static final int READ = ShareReservation.READ;
  private static final int WRITE = ShareReservation.WRITE;
  private static final LockOutcome GRANTED = new LockOutcome.Granted();
  private static final LockOutcome DENIED = new LockOutcome.Denied(null);
  private static final long BUDGET_BYTES = 100 * LockLedger.OPEN_BYTES;

  private record Client(String name) implements LockClient {}

  private final LockedVolume locked = new LockedVolume();
  private final Inode file = locked.file("f");
  private final OpenTable opens = new OpenTable(BUDGET_BYTES);
  private final LockOwner anna = new LockOwner(new Client("a"), 1);
  private final LockOwner bert = new LockOwner(new Client("b"), 1);
  private final LockOwner carl = new LockOwner(new Client("c"), 1);

  @AfterEach
  void close() {
    locked.close();
  }

  private LockOutcome open(LockOwner owner, int access, int deny) {
    return opens.open(file, owner, new ShareReservation(access, deny));
  }

  @Test
  void opensStandAgainstEachOtherByWhatTheyDeny() {
    assertThat(open(anna, READ, WRITE)).isEqualTo(GRANTED);
    assertThat(open(bert, READ, WRITE)).isEqualTo(GRANTED);
    assertThat(open(carl, WRITE, 0)).isEqualTo(DENIED);
    opens.close(file, anna);
    opens.close(file, bert);
    opens.close(file, bert);
    assertThat(open(carl, WRITE, 0)).isEqualTo(GRANTED);
    assertThat(open(anna, READ, WRITE)).isEqualTo(DENIED);
    assertThat(opens.openCount()).isEqualTo(1);
  }

  @Test
  void openingOnceMoreAddsAndIsRefusedAsAWhole() {
    assertThat(open(anna, READ, 0)).isEqualTo(GRANTED);
    assertThat(open(bert, READ, WRITE)).isEqualTo(GRANTED);
    assertThat(open(anna, WRITE, 0)).as("bert denies it").isEqualTo(DENIED);
    opens.close(file, bert);
    assertThat(open(anna, WRITE, 0)).isEqualTo(GRANTED);
    assertThat(open(bert, READ, READ)).as("anna still reads").isEqualTo(DENIED);
    assertThat(opens.openCount()).isEqualTo(1);
  }

  @Test
  void reopeningIsInPlaceOfWhatWasOpen() {
    assertThat(open(anna, READ, READ)).isEqualTo(GRANTED);
    assertThat(opens.reopen(file, anna, new ShareReservation(WRITE, 0))).isEqualTo(GRANTED);
    assertThat(open(bert, READ, 0)).isEqualTo(GRANTED);
    assertThat(open(carl, 0, WRITE)).isEqualTo(DENIED);
  }

  @Test
  void aDowngradeLeavesAPartAndOnlyAPart() {
    open(anna, READ | WRITE, READ | WRITE);
    opens.downgrade(file, anna, new ShareReservation(READ, 0));
    assertThat(open(bert, READ | WRITE, 0)).isEqualTo(GRANTED);
    assertThatThrownBy(() -> opens.downgrade(file, anna, new ShareReservation(WRITE, 0)))
        .isInstanceOfSatisfying(
            ArrayException.class,
            e -> assertThat(e.error()).isEqualTo(ArrayError.INVALID_ARGUMENT));
    assertThatThrownBy(() -> opens.downgrade(file, carl, new ShareReservation(0, 0)))
        .isInstanceOf(ArrayException.class);
  }

  @Test
  void anOpenFileThatIsRemovedIsUsableUntilItIsClosed() {
    open(anna, READ, 0);
    open(bert, READ, 0);
    locked.remove("f");
    opens.close(file, anna);
    assertThat(locked.isUsable(file)).isTrue();
    opens.close(file, bert);
    assertThat(locked.isUsable(file)).isFalse();
    assertThatThrownBy(() -> open(anna, READ, 0)).isInstanceOf(ArrayException.class);
    assertThat(opens.countedBytes()).isZero();
  }

  @Test
  void oneOriginGetsItsShareAndLeavesRoomForOthers() {
    int opened = 0;
    while (opens.open(file, new LockOwner(anna.client(), opened), new ShareReservation(READ, 0))
        instanceof LockOutcome.Granted) {
      opened++;
    }
    assertThat(opened).isEqualTo(50);
    assertThat(open(bert, READ, 0)).isEqualTo(GRANTED);
    assertThat(opens.release(owner -> owner.client().equals(anna.client()))).isEqualTo(1);
    assertThat(opens.isIdle(anna.client())).isTrue();
    assertThat(opens.isIdle(bert.client())).isFalse();
    locked.array.deleteVolume(locked.volume);
    opens.forgetGone();
    assertThat(opens.openCount()).isZero();
    assertThat(opens.countedBytes()).isZero();
  }

  @Test
  void whoHasNoOpenIsDeniedWhatAnyOpenDenies() {
    assertThat(opens.denies(file, READ)).isFalse();
    open(anna, READ, WRITE);
    assertThat(opens.denies(file, READ)).isFalse();
    assertThat(opens.denies(file, WRITE)).isTrue();
    assertThat(opens.denies(locked.file("g"), WRITE)).isFalse();
    opens.downgrade(file, anna, new ShareReservation(READ, 0));
    assertThat(opens.denies(file, WRITE)).isFalse();
  }

  @Test
  void aClientWhoseLeaseHasRunOutGivesWay() {
    LockOwner lapsed = new LockOwner(new Lapsed(), 1);
    assertThat(open(lapsed, READ | WRITE, READ | WRITE)).isEqualTo(GRANTED);
    assertThat(opens.openCount()).isEqualTo(1);
    assertThat(open(anna, WRITE, READ)).isEqualTo(GRANTED);
    assertThat(opens.openCount()).as("the lapsed one is gone").isEqualTo(1);
    assertThat(opens.denies(file, READ)).isTrue();
  }

  private final class Lapsed implements LockClient {
    @Override
    public boolean giveWay() {
      opens.release(owner -> owner.client() == this);
      return true;
    }
  }

  @Test
  void manyOpensOfOneFileConflictAsFewDo() {
    OpenTable wide = new OpenTable(1 << 30);
    for (int i = 0; i < 1000; i++) {
      LockOwner owner = new LockOwner(new Client("c" + i), i);
      assertThat(wide.open(file, owner, new ShareReservation(READ, 0))).isEqualTo(GRANTED);
    }
    assertThat(wide.open(file, anna, new ShareReservation(WRITE, READ))).isEqualTo(DENIED);
    for (int i = 0; i < 1000; i++) {
      wide.close(file, new LockOwner(new Client("c" + i), i));
    }
    assertThat(wide.open(file, anna, new ShareReservation(WRITE, READ))).isEqualTo(GRANTED);
    wide.close(file, anna);
    assertThat(wide.countedBytes()).isZero();
  }
}
