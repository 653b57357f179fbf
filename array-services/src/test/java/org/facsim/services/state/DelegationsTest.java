/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.facsim.array.Inode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DelegationsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final int BUDGET = 100;

  private record Client(String name) implements LockClient {}

  private final LockedVolume locked = new LockedVolume();
  private final Inode file = locked.file("f");
  private final ManualLater later = new ManualLater();
  private final Holdings holdings =
      new Holdings(later, PATIENCE, 4L * BUDGET * LockLedger.DELEGATION_BYTES);
  private final Delegations delegations = holdings.delegations();
  private final LockOwner anna = new LockOwner(new Client("a"), 1);
  private final LockOwner bert = new LockOwner(new Client("b"), 1);
  private final List<String> told = new ArrayList<>();

  private final DelegationHolder holder =
      new DelegationHolder() {
        @Override
        public void recall(Delegation delegation) {
          told.add("recall " + name(delegation));
        }

        @Override
        public void revoked(Delegation delegation) {
          told.add("revoked " + name(delegation));
        }
      };

  private static String name(Delegation delegation) {
    return ((Client) delegation.owner().client()).name();
  }

  @AfterEach
  void close() {
    locked.close();
  }

  private Delegation grant(LockOwner owner, DelegationKind kind) {
    return delegations.grant(file, kind, owner, holder).join();
  }

  private CompletableFuture<Void> recall(Intent intent, LockOwner asking) {
    return delegations.recall(file, intent, asking == null ? null : asking.client());
  }

  @ParameterizedTest
  @CsvSource({
    "READ, LOOK, false",
    "READ, CHANGE, true",
    "WRITE, LOOK, true",
    "WRITE, CHANGE, true",
  })
  void whatStandsAgainstAnIntentIsRecalled(DelegationKind kind, Intent intent, boolean isRecalled) {
    assertThat(delegations.isEmpty()).isTrue();
    Delegation held = grant(anna, kind);
    assertThat(held.kind()).isEqualTo(kind);
    assertThat(recall(intent, anna)).as("its own").isNull();
    assertThat(delegations.recall(locked.file("other"), intent, null)).isNull();
    CompletableFuture<Void> pending = recall(intent, bert);
    assertThat(pending != null).isEqualTo(isRecalled);
    assertThat(told).isEqualTo(isRecalled ? List.of("recall a") : List.of());
  }

  @Test
  void whoeverWaitsGoesOnWhenItIsGivenBackAndTheClientIsAskedOnce() {
    Delegation held = grant(anna, DelegationKind.WRITE);
    List<Boolean> went = new ArrayList<>();
    CompletableFuture<Void> first = recall(Intent.LOOK, null);
    CompletableFuture<Void> second = recall(Intent.CHANGE, bert);
    delegations.await(first, Duration.ofSeconds(5), went::add);
    assertThat(grant(bert, DelegationKind.READ)).as("while it is recalled").isNull();
    assertThat(recall(Intent.CHANGE, anna)).as("the holder writes its data back").isNull();
    delegations.giveBack(held);
    later.pass(Duration.ZERO);
    assertThat(went).containsExactly(true);
    assertThat(second).isCompleted();
    assertThat(recall(Intent.CHANGE, null)).isNull();
    later.pass(PATIENCE);
    delegations.giveBack(held);
    assertThat(told).containsExactly("recall a");
    assertThat(went).hasSize(1);
    assertThat(delegations.countedBytes()).isZero();
  }

  @Test
  void whatIsNotGivenBackInTimeIsRevoked() {
    grant(anna, DelegationKind.READ);
    List<Boolean> went = new ArrayList<>();
    CompletableFuture<Void> pending = recall(Intent.CHANGE, null);
    delegations.await(pending, Duration.ofSeconds(5), went::add);
    later.pass(Duration.ofSeconds(5));
    assertThat(went).as("the caller does not wait that long").containsExactly(false);
    later.pass(PATIENCE.minusSeconds(6));
    assertThat(pending).isNotDone();
    later.pass(Duration.ofSeconds(1));
    assertThat(pending).isCompleted();
    assertThat(told).containsExactly("recall a", "revoked a");
    assertThat(delegations.isEmpty()).isTrue();
  }

  @Test
  void readersShareAndAWriterIsAlone() {
    assertThat(grant(anna, DelegationKind.READ)).isNotNull();
    assertThat(grant(anna, DelegationKind.READ)).as("it has one").isNull();
    assertThat(grant(bert, DelegationKind.WRITE)).isNull();
    assertThat(grant(bert, DelegationKind.READ)).isNotNull();
    CompletableFuture<Void> pending = recall(Intent.CHANGE, null);
    assertThat(told).containsExactlyInAnyOrder("recall a", "recall b");
    assertThat(delegations.release(owner -> owner.equals(anna))).isEqualTo(1);
    assertThat(pending).isNotDone();
    assertThat(holdings.release(owner -> owner.equals(bert))).isEqualTo(1);
    assertThat(pending).isCompleted();
    assertThat(grant(bert, DelegationKind.WRITE)).isNotNull();
  }

  @Test
  void nobodyIsGivenWhatAnotherClientHasOpenedOrLocked() {
    holdings.opens().open(file, bert, new ShareReservation(ShareReservation.READ, 0));
    assertThat(grant(anna, DelegationKind.WRITE)).isNull();
    assertThat(grant(anna, DelegationKind.READ)).isNotNull();
    holdings.release(owner -> true);
    holdings.opens().open(file, bert, new ShareReservation(ShareReservation.WRITE, 0));
    assertThat(grant(anna, DelegationKind.READ)).isNull();
    assertThat(grant(bert, DelegationKind.WRITE)).as("its own open").isNotNull();
    holdings.release(owner -> true);
    holdings.locks().lock(file, bert, ByteRange.WHOLE, LockMode.SHARED);
    assertThat(grant(anna, DelegationKind.WRITE)).isNull();
    assertThat(grant(anna, DelegationKind.READ)).isNotNull();
    holdings.release(owner -> true);
    holdings.locks().lock(file, anna, ByteRange.WHOLE, LockMode.SHARED);
    holdings.locks().lockOrWait(file, bert, ByteRange.WHOLE, LockMode.EXCLUSIVE, granted -> {});
    assertThat(grant(anna, DelegationKind.READ)).as("bert waits").isNull();
    assertThat(delegations.isEmpty()).isTrue();
  }

  /** A call that looked before the offer and acts after it must end before anything is given. */
  @Test
  void anOfferIsGivenWhenEveryDoorHasPassedAndWithdrawnFromWhoeverMinds() {
    Deque<Runnable> doors = new ArrayDeque<>();
    delegations.addDoor(doors::add);
    delegations.addDoor(doors::add);
    CompletableFuture<Delegation> offer =
        delegations.grant(file, DelegationKind.READ, anna, holder);
    doors.poll().run();
    assertThat(offer).isNotDone();
    doors.poll().run();
    assertThat(offer).isCompletedWithValueMatching(held -> held != null);
    delegations.giveBack(offer.join());

    CompletableFuture<Delegation> minded =
        delegations.grant(file, DelegationKind.READ, anna, holder);
    assertThat(recall(Intent.CHANGE, null)).as("nobody has it yet").isNull();
    assertThat(minded).isCompletedWithValue(null);
    doors.forEach(Runnable::run);
    doors.clear();
    assertThat(delegations.isEmpty()).isTrue();

    CompletableFuture<Delegation> late =
        delegations.grant(file, DelegationKind.WRITE, anna, holder);
    holdings.opens().open(file, bert, new ShareReservation(ShareReservation.READ, 0));
    doors.forEach(Runnable::run);
    assertThat(late).as("bert had asked before").isCompletedWithValue(null);
    assertThat(told).isEmpty();
  }

  @Test
  void oneOriginGetsItsShareAndLeavesRoomForOthers() {
    int given = 0;
    while (delegations.grant(locked.file("x" + given), DelegationKind.READ, anna, holder).join()
        != null) {
      given++;
    }
    assertThat(given).isEqualTo(BUDGET / 2);
    assertThat(grant(bert, DelegationKind.READ)).isNotNull();
    assertThat(holdings.isIdle(anna.client())).isFalse();
    delegations.release(owner -> true);
    assertThat(delegations.countedBytes()).isZero();
    assertThat(holdings.isIdle(anna.client())).isTrue();
  }

  @Test
  void arestoredStateFindsNoDelegation() {
    locked.array.addListener(holdings);
    locked.array.saveState("before");
    Delegation held = grant(anna, DelegationKind.WRITE);
    CompletableFuture<Void> restore =
        CompletableFuture.runAsync(() -> locked.array.restoreState("before"));
    while (told.isEmpty()) {
      Thread.onSpinWait();
    }
    assertThat(restore).as("it waits for the client").isNotDone();
    delegations.giveBack(held);
    restore.join();
    assertThat(told).containsExactly("recall a");
  }

  /** The last line of defence: what was given between the recall and the restore. */
  @Test
  void whatIsGivenTooLateIsRevokedByTheRestore() {
    grant(anna, DelegationKind.WRITE);
    holdings.restoring();
    assertThat(told).containsExactly("revoked a");
    assertThat(delegations.isEmpty()).isTrue();
  }

  @Test
  void aDeletedVolumeTakesItsDelegationsWithIt() {
    grant(anna, DelegationKind.READ);
    locked.array.deleteVolume(locked.volume);
    holdings.changed(Set.of(locked.volume), Set.of());
    assertThat(told).containsExactly("revoked a");
    assertThat(delegations.countedBytes()).isZero();
  }

  @Test
  void aCallThatMustWaitSaysSo() {
    Delegation held = grant(anna, DelegationKind.WRITE);
    assertThatThrownBy(() -> delegations.require(file, Intent.CHANGE, null))
        .isInstanceOfSatisfying(
            RecallUnderWay.class,
            wait -> {
              delegations.giveBack(held);
              assertThat(wait.ended()).isCompleted();
            });
    delegations.require(file, Intent.CHANGE, null);
  }

  /** A door may be closing, or have a defect: nobody else may wait for it for ever. */
  @Test
  void aDoorThatCannotRecallLosesItsDelegationAndTheOthersAreRecalled() {
    List<String> revoked = new ArrayList<>();
    DelegationHolder broken =
        new DelegationHolder() {
          @Override
          public void recall(Delegation delegation) {
            throw new IllegalStateException("on purpose");
          }

          @Override
          public void revoked(Delegation delegation) {
            revoked.add(name(delegation));
          }
        };
    assertThat(delegations.grant(file, DelegationKind.READ, anna, broken).join()).isNotNull();
    Delegation other = grant(bert, DelegationKind.READ);
    CompletableFuture<Void> pending = recall(Intent.CHANGE, null);
    assertThat(revoked).containsExactly("a");
    assertThat(told).containsExactly("recall b");
    assertThat(pending).isNotDone();
    delegations.giveBack(other);
    assertThat(pending).isCompleted();
    assertThat(recall(Intent.CHANGE, null)).isNull();
    assertThat(delegations.countedBytes()).isZero();
  }
}
