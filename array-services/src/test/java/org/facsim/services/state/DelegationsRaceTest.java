/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.array.Inode;
import org.facsim.protocol.testing.Interleavings;
import org.facsim.protocol.testing.Interleavings.Step;
import org.junit.jupiter.api.Test;

/**
 * What threads do to delegations at once is what some order of the same steps does. To be given one
 * is not among the steps: that takes a while, in which others may be refused in vain, and nobody is
 * owed one; what must hold of it is tried by itself.
 */
class DelegationsRaceTest {
  private static final LockedVolume LOCKED = new LockedVolume();
  private static final Inode FILE = LOCKED.file("f");
  private static final Inode WRITTEN = LOCKED.file("written");
  private static final int CLIENTS = 3;

  private record Client(int number) implements LockClient {}

  private static LockOwner owner(int number) {
    return new LockOwner(new Client(number), 0);
  }

  /** Holdings whose clients give back what is recalled only when they are told to. */
  private static final class Subject implements DelegationHolder {
    final ManualLater later = new ManualLater();
    final Holdings holdings = new Holdings(later, Duration.ofSeconds(90), 1 << 20);
    final Map<LockClient, Delegation> held = new ConcurrentHashMap<>();
    final AtomicInteger recalls = new AtomicInteger();

    @Override
    public void recall(Delegation delegation) {
      recalls.incrementAndGet();
    }

    @Override
    public void revoked(Delegation delegation) {
      held.remove(delegation.owner().client());
    }

    /** Two clients read a file, another one writes another. */
    static Subject withHolders() {
      Subject subject = new Subject();
      subject.grant(FILE, 0, DelegationKind.READ);
      subject.grant(FILE, 1, DelegationKind.READ);
      subject.grant(WRITTEN, 2, DelegationKind.WRITE);
      return subject;
    }

    boolean grant(Inode file, int number, DelegationKind kind) {
      Delegation given = holdings.delegations().grant(file, kind, owner(number), this).join();
      if (given != null) {
        held.put(owner(number).client(), given);
      }
      return given != null;
    }

    boolean giveBack(int number) {
      Delegation mine = held.remove(owner(number).client());
      if (mine != null) {
        holdings.delegations().giveBack(mine);
      }
      return mine != null;
    }

    /** As a door does it: the open first, then the question; it is closed if it must wait. */
    boolean open(int number, int access) {
      LockOwner who = owner(number);
      holdings.opens().open(FILE, who, new ShareReservation(access, 0));
      Intent intent = (access & ShareReservation.WRITE) != 0 ? Intent.CHANGE : Intent.LOOK;
      boolean mayGoOn = holdings.delegations().recall(FILE, intent, who.client()) == null;
      if (!mayGoOn) {
        holdings.opens().close(FILE, who);
      }
      return mayGoOn;
    }

    /** The planted mistake: the question first, and then a moment in which others come. */
    boolean hastyOpen(int number) {
      boolean mayGoOn =
          holdings.delegations().recall(FILE, Intent.CHANGE, owner(number).client()) == null;
      Interleavings.letOthersIn();
      if (mayGoOn) {
        holdings.opens().open(FILE, owner(number), new ShareReservation(ShareReservation.WRITE, 0));
      }
      return mayGoOn;
    }

    /** Nobody has a delegation beside another client's open. */
    boolean agrees() {
      return held.values().stream()
          .noneMatch(
              each ->
                  each.state() == Delegation.State.HELD
                      && holdings.opens().standsAgainst(FILE, each.owner().client(), each.kind()));
    }

    /** What is booked after everything has gone. */
    long bytesAtTheEnd() {
      holdings.release(owner -> true);
      return holdings.delegations().countedBytes() + holdings.opens().countedBytes();
    }
  }

  private static List<Step<Subject>> steps() {
    List<Step<Subject>> steps = new ArrayList<>();
    for (int each = 0; each < CLIENTS; each++) {
      int number = each;
      steps.add(new Step<>("giveBack(" + number + ")", s -> s.giveBack(number)));
      steps.add(
          new Step<>(
              "release(" + number + ")",
              s -> s.holdings.release(who -> who.client().equals(owner(number).client()))));
    }
    for (Inode file : List.of(FILE, WRITTEN)) {
      for (Intent intent : Intent.values()) {
        steps.add(
            new Step<>(
                "recall(" + file.fileId() + ", " + intent + ")",
                s -> s.holdings.delegations().recall(file, intent, null) == null));
      }
    }
    steps.add(new Step<>("recalls", s -> s.recalls.get()));
    steps.add(new Step<>("count", s -> s.holdings.delegations().count()));
    return steps;
  }

  @Test
  void concurrentStepsAreSomeOrderOfThem() throws Exception {
    new Interleavings<>(Subject::withHolders, steps()).check(150, 40);
  }

  /** An open is two steps, so it may be refused in vain; but it never stands beside a holder. */
  @Test
  void whoeverOpensFirstAndThenAsksIsSeen() throws Exception {
    for (int round = 0; round < 500; round++) {
      Subject subject = new Subject();
      CyclicBarrier start = new CyclicBarrier(2);
      CompletableFuture<Boolean> granted =
          CompletableFuture.supplyAsync(
              () -> {
                meet(start);
                return subject.grant(FILE, 1, DelegationKind.WRITE);
              });
      meet(start);
      boolean opened = subject.open(0, ShareReservation.WRITE);
      assertThat(opened && granted.get()).as("both, in round " + round).isFalse();
      assertThat(subject.agrees()).isTrue();
      assertThat(subject.bytesAtTheEnd()).isZero();
    }
  }

  private static void meet(CyclicBarrier start) {
    try {
      start.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aMistakeIsFound() {
    List<Step<Subject>> hasty =
        List.of(
            new Step<>("hastyOpen(0)", s -> s.hastyOpen(0)),
            new Step<>("grant(1)", s -> s.grant(FILE, 1, DelegationKind.WRITE)),
            new Step<>("agrees", Subject::agrees));
    assertThatExceptionOfType(AssertionError.class)
        .isThrownBy(() -> new Interleavings<>(Subject::new, hasty).check(200, 200))
        .withMessageContaining("orders answer");
  }
}
