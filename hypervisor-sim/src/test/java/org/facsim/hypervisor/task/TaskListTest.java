/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.MovingClock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TaskListTest {
  private static final Duration SOON = Duration.ofSeconds(60);

  private final MovingClock clock = new MovingClock();
  private final TaskList tasks = new TaskList("esx1", clock);

  @AfterEach
  void close() {
    tasks.close();
  }

  private static void awaitLatch(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTaskGoesFromRunningToSuccessAndIsStampedByTheHostsClock() {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    Task<String> task =
        tasks.start(
            "CloneVM_Task",
            "win7",
            context -> {
              context.progressPercent(40);
              context.progressPercent(30);
              started.countDown();
              awaitLatch(goOn);
              return "made";
            });
    awaitLatch(started);
    TaskInfo running = task.info();
    assertThat(running)
        .isEqualTo(
            new TaskInfo(
                "task-1",
                "CloneVM_Task",
                "win7",
                TaskState.RUNNING,
                40,
                clock.instant(),
                Optional.of(clock.instant()),
                Optional.empty(),
                Optional.empty(),
                true,
                false));
    clock.advance(Duration.ofSeconds(7));
    goOn.countDown();
    assertThat(task.await(SOON)).isEqualTo("made");
    assertThat(task.info())
        .returns(TaskState.SUCCESS, TaskInfo::state)
        .returns(100, TaskInfo::progressPercent)
        .returns(false, TaskInfo::cancelable)
        .returns(Optional.of(clock.instant()), TaskInfo::completeTime);
    assertThat(tasks.list()).containsExactly(task.info());
    assertThat(tasks.find("task-1")).containsSame(task);
  }

  @ParameterizedTest
  @EnumSource(DatastoreError.class)
  void whatTheArrayRefusesHasVmwaresNameAndTheArraysWord(DatastoreError error) {
    Task<Void> task =
        tasks.start(
            "PowerOnVM_Task",
            "vm",
            context -> {
              throw new DatastoreException(error, "the array's word");
            });
    assertThatThrownBy(() -> task.await(SOON))
        .isInstanceOfSatisfying(
            MethodFaultException.class, e -> assertThat(e.type()).isEqualTo(FaultType.of(error)))
        .hasMessage("the array's word");
    assertThat(task.info().fault())
        .contains(new MethodFault(FaultType.of(error), "the array's word"));
    assertThat(task.info().progressPercent()).isLessThan(100);
  }

  @Test
  void faultsHaveTheirNames() {
    assertThat(FaultType.of(DatastoreError.DISK_FULL).vmwareName()).isEqualTo("NoDiskSpace");
    assertThat(FaultType.of(DatastoreError.LOCKED).vmwareName()).isEqualTo("FileLocked");
    assertThat(MethodFault.of(new CancellationException("x")).type().vmwareName())
        .isEqualTo("RequestCanceled");
    assertThat(MethodFault.of(new IllegalArgumentException("x")).type().vmwareName())
        .isEqualTo("InvalidArgument");
    assertThat(MethodFault.of(new IllegalStateException("x")).type().vmwareName())
        .isEqualTo("SystemError");
  }

  @Test
  void aCanceledTaskEndsWithRequestCanceledAndACommittedOneDoesNot() {
    CountDownLatch started = new CountDownLatch(2);
    CountDownLatch goOn = new CountDownLatch(1);
    Task<Void> canceled =
        tasks.start(
            "CloneVM_Task",
            "one",
            context -> {
              started.countDown();
              awaitLatch(goOn);
              context.checkCanceled();
              return null;
            });
    Task<Void> committed =
        tasks.start(
            "CloneVM_Task",
            "two",
            context -> {
              context.commit();
              started.countDown();
              awaitLatch(goOn);
              context.checkCanceled();
              return null;
            });
    awaitLatch(started);
    assertThat(canceled.cancel()).isTrue();
    assertThat(committed.cancel()).isFalse();
    assertThat(canceled.info().cancelRequested()).isTrue();
    goOn.countDown();
    committed.await(SOON);
    assertThatThrownBy(() -> canceled.await(SOON))
        .hasMessage("CloneVM_Task of one was canceled")
        .extracting(e -> ((MethodFaultException) e).type())
        .isEqualTo(FaultType.REQUEST_CANCELED);
  }

  @Test
  void aTaskThatIsCanceledWhileItIsQueuedNeverRuns() {
    CountDownLatch goOn = new CountDownLatch(1);
    List<Task<Void>> fillers = new ArrayList<>();
    for (int i = 0; i < TaskList.THREADS; i++) {
      fillers.add(
          tasks.start(
              "CloneVM_Task",
              "filler",
              context -> {
                awaitLatch(goOn);
                return null;
              }));
    }
    List<String> ran = new ArrayList<>();
    Task<Void> queued =
        tasks.start(
            "CloneVM_Task",
            "queued",
            context -> {
              ran.add("ran");
              return null;
            });
    assertThat(queued.state()).isEqualTo(TaskState.QUEUED);
    assertThat(queued.info().startTime()).isEmpty();
    queued.cancel();
    goOn.countDown();
    fillers.forEach(task -> task.await(SOON));
    assertThatThrownBy(() -> queued.await(SOON)).hasMessageContaining("was canceled");
    assertThat(ran).isEmpty();
  }

  @Test
  void whatIsTooMuchIsRefusedAndTheHistoryIsBounded() {
    CountDownLatch goOn = new CountDownLatch(1);
    List<Task<Void>> all = new ArrayList<>();
    for (int i = 0; i < TaskList.THREADS + TaskList.MAX_QUEUED; i++) {
      all.add(
          tasks.start(
              "CloneVM_Task",
              "vm",
              context -> {
                awaitLatch(goOn);
                return null;
              }));
    }
    Task<Void> tooMuch = tasks.start("CloneVM_Task", "vm", context -> null);
    assertThat(tooMuch.info().fault()).map(MethodFault::type).contains(FaultType.RESOURCE_IN_USE);
    goOn.countDown();
    all.forEach(task -> task.await(SOON));
    tasks.start("CloneVM_Task", "vm", context -> null).await(SOON);
    assertThat(tasks.list()).hasSizeLessThanOrEqualTo(TaskList.MAX_ENDED);
    assertThat(tasks.list().get(tasks.list().size() - 1).key())
        .isEqualTo("task-" + (all.size() + 2));
  }

  @Test
  void aClosedListTakesNothing() {
    tasks.close();
    Task<Void> late = tasks.start("CloneVM_Task", "vm", context -> null);
    assertThat(late.info().fault().orElseThrow().message()).isEqualTo("the host is closed");
  }
}
