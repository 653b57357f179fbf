/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Groups on a log that answers later, as one does that several nodes agree on. */
class SeveralGroupsTest {
  private static final long TERM = 7;

  /** Keeps what is appended until the test says what became of it. */
  private static final class SlowLog implements GroupLog {
    final List<Group> waiting = new ArrayList<>();
    final List<Long> appended = new ArrayList<>();
    Outcomes outcomes;

    @Override
    public long term() {
      return TERM;
    }

    @Override
    public int maxInFlight() {
      return 2;
    }

    @Override
    public synchronized void append(Group group, Outcomes to) {
      outcomes = to;
      waiting.add(group);
      appended.add(group.number());
    }

    synchronized List<Long> inFlight() {
      return waiting.stream().map(Group::number).toList();
    }

    synchronized List<Long> appended() {
      return List.copyOf(appended);
    }

    synchronized void durable() {
      outcomes.durable(waiting.remove(0));
    }

    synchronized void failAll() {
      List<Group> failed = List.copyOf(waiting);
      waiting.clear();
      failed.forEach(
          group -> outcomes.failed(group, new ArrayException(ArrayError.IO, "no majority")));
    }

    synchronized void loseTerm() {
      waiting.clear();
      outcomes.termLost(TERM + 1);
    }
  }

  private static final class Rows implements TransactionGroups.Source {
    final List<Long> durable = new CopyOnWriteArrayList<>();

    @Override
    public void cut(Group into) {
      into.batch().put(RecordKind.STATE, 0, 0, into.number(), ByteBuffer.allocate(1));
    }

    @Override
    public void durable(long group) {
      durable.add(group);
    }
  }

  private final SlowLog log = new SlowLog();
  private final Rows rows = new Rows();
  private final AtomicInteger verifiers = new AtomicInteger();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final TransactionGroups groups =
      new TransactionGroups(rows, log, 0, verifiers::incrementAndGet);

  SeveralGroupsTest() {
    groups.start("committer");
  }

  @AfterEach
  void end() {
    groups.abandon();
  }

  /** Waits for the group that is open now, which makes the committer cut it. */
  private void change() {
    long group = groups.openGroup();
    groups.whenDurable(
        group,
        Runnable::run,
        failure -> told.add((failure == null ? "durable " : "failed ") + group));
    until(() -> groups.openGroup() > group || log.inFlight().size() == log.maxInFlight());
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("in time").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }

  private void untilTold(int count) {
    until(() -> told.size() >= count);
  }

  @Test
  void aSecondGroupIsAppendedBeforeTheFirstIsDurable() {
    change();
    change();
    until(() -> log.inFlight().equals(List.of(1L, 2L)));
    assertThat(groups.isDurable(1)).isFalse();
    log.durable();
    untilTold(1);
    assertThat(told).containsExactly("durable 1");
    assertThat(rows.durable).containsExactly(1L);
    assertThat(groups.isDurable(2)).isFalse();
    log.durable();
    untilTold(2);
    assertThat(groups.isDurable(2)).isTrue();
  }

  @Test
  void aGroupTooManyIsCutOnlyWhenTheLogHasRoom() throws Exception {
    change();
    change();
    until(() -> log.inFlight().size() == 2);
    change();
    Thread.sleep(20); // long enough for a committer that does not wait
    assertThat(groups.openGroup()).as("what changes goes on being gathered").isEqualTo(3);
    assertThat(log.appended()).containsExactly(1L, 2L);
    log.durable();
    until(() -> log.inFlight().equals(List.of(2L, 3L)));
    log.durable();
    log.durable();
    untilTold(3);
    assertThat(told).containsExactly("durable 1", "durable 2", "durable 3");
  }

  @Test
  void groupsThatFailAreAppendedAgainInTheirOrderBeforeAnythingElse() {
    change();
    change();
    until(() -> log.inFlight().size() == 2);
    log.failAll();
    untilTold(2);
    assertThat(told).containsExactlyInAnyOrder("failed 1", "failed 2");
    assertThat(verifiers.get()).isPositive();
    until(() -> log.inFlight().equals(List.of(1L)));
    assertThat(rows.durable).isEmpty();
    log.durable();
    until(() -> log.inFlight().equals(List.of(2L)));
    log.durable();
    until(() -> groups.isDurable(2));
    assertThat(rows.durable).startsWith(1L, 2L);
    assertThat(log.appended()).startsWith(1L, 2L, 1L, 2L);
  }

  @Test
  void aNodeThatLostItsTermMakesNothingDurableAnyMore() {
    change();
    until(() -> log.inFlight().size() == 1);
    assertThat(log.waiting.get(0).term()).isEqualTo(TERM);
    log.loseTerm();
    untilTold(1);
    assertThat(told).containsExactly("failed 1");
    assertThat(groups.isDurable(1)).isFalse();
    assertThatThrownBy(groups::admit)
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.IO))
        .hasMessageContaining("term 8");
    assertThatThrownBy(groups::commit).hasMessageContaining("term 8");
    assertThat(log.appended()).as("nothing is appended beyond the term").containsExactly(1L);
  }
}
