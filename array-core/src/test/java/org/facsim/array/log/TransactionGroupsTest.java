/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.log.file.SimulatedDisk;
import org.junit.jupiter.api.Test;

class TransactionGroupsTest {
  private final List<String> events = new ArrayList<>();
  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final PayloadStore payload = disk.payload(1);
  private long nextRow = 1;

  private final TransactionGroups groups =
      new TransactionGroups(
          new TransactionGroups.Source() {
            @Override
            public void cut(Group into) {
              events.add("cut " + into.number());
              into.batch().put(RecordKind.STATE, 0, 0, nextRow++, ByteBuffer.allocate(1));
              into.needs(
                  forcing(
                      () -> {
                        events.add("force");
                        payload.force();
                      }));
            }

            @Override
            public void durable(long group) {
              events.add("durable " + group);
            }
          },
          disk.log(),
          0,
          () -> events.add("new verifier"));

  private static GroupPayload forcing(Runnable force) {
    return new GroupPayload() {
      @Override
      public int volume() {
        return 1;
      }

      @Override
      public int slotCount() {
        return 0;
      }

      @Override
      public void forEachSlot(LongConsumer slot) {}

      @Override
      public void force() {
        force.run();
      }
    };
  }

  private void await(long group) {
    groups.whenDurable(
        group,
        Runnable::run,
        failure -> events.add(failure == null ? "done " + group : "failed " + group));
  }

  private long rows() {
    long[] count = {0};
    disk.metadata().load(RecordKind.STATE, 0, (kind, volume, owner, id, bytes) -> count[0]++);
    return count[0];
  }

  @Test
  void forcesPayloadBeforeMetadataAndTellsWaitersLast() {
    await(1);
    groups.commit();
    assertThat(events).containsExactly("cut 1", "force", "durable 1", "done 1");
    assertThat(groups.isDurable(1)).isTrue();
    assertThat(groups.openGroup()).isEqualTo(2);
  }

  @Test
  void tellsAtOnceWhenTheGroupIsDurableAlready() {
    groups.commit();
    events.clear();
    await(1);
    assertThat(events).containsExactly("done 1");
  }

  @Test
  void aWaiterOfTheNextGroupWaitsForIt() {
    groups.commit();
    await(2);
    assertThat(events).doesNotContain("done 2");
    groups.commit();
    assertThat(events).contains("done 2");
  }

  @Test
  void aFailedGroupFailsItsWaitersDrawsAVerifierAndIsCommittedLater() {
    disk.plan(SimulatedDisk.Trouble.FULL, 0, 1);
    await(1);
    assertThatThrownBy(groups::commit)
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE));
    assertThat(events).containsExactly("cut 1", "force", "new verifier", "failed 1");
    assertThat(groups.isDurable(1)).isFalse();
    assertThat(rows()).isZero();
    groups.commit();
    assertThat(groups.isDurable(1)).isTrue();
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void cutsNothingMoreWhileAnOldGroupCannotBeWritten() {
    disk.plan(SimulatedDisk.Trouble.FAILING, 0, 6);
    for (int i = 0; i < 3; i++) {
      await(groups.openGroup());
      assertThatThrownBy(groups::commit).isInstanceOf(ArrayException.class);
    }
    assertThat(events.stream().filter(event -> event.startsWith("cut"))).hasSize(1);
    assertThat(events.stream().filter(event -> event.startsWith("failed"))).hasSize(3);
  }

  @Test
  void theCommitterServesWaitersAndChangesByItself() throws Exception {
    groups.start("committer");
    CompletableFuture<Throwable> done = new CompletableFuture<>();
    groups.whenDurable(1, Runnable::run, done::complete);
    assertThat(done.get(10, TimeUnit.SECONDS)).isNull();
    groups.noteChange();
    long open = groups.openGroup();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
    while (!groups.isDurable(open) && System.nanoTime() < deadline) {
      Thread.sleep(5);
    }
    assertThat(groups.isDurable(open)).isTrue();
    groups.close();
  }

  @Test
  void closingCommitsWhatIsLeft() {
    groups.close();
    assertThat(rows()).isEqualTo(1);
    assertThatThrownBy(() -> await(2)).isInstanceOf(ArrayException.class);
  }

  /** Two volumes: memory ends while the second is cut, or while a piece of it is copied. */
  private static final class HalfCut implements TransactionGroups.Source {
    final List<String> events = new ArrayList<>();
    Throwable thrown = new OutOfMemoryError("simulated");
    boolean isSecondDirty = true;
    long row = 1;

    @Override
    public void cut(Group group) {
      Batch into = group.batch();
      if (thrown == null) {
        group.needs(forcing(() -> events.add("force")));
      }
      into.put(RecordKind.STATE, 0, 0, row++, ByteBuffer.allocate(1));
      if (thrown != null) {
        into.patch(RecordKind.NODES, 7, 0, 32); // announced and never filled
        Throwable now = thrown;
        thrown = null;
        if (now instanceof Error error) {
          throw error;
        }
        throw (RuntimeException) now;
      }
      if (isSecondDirty) {
        isSecondDirty = false;
        into.put(RecordKind.STATE, 0, 0, 100, ByteBuffer.allocate(1));
      }
    }

    @Override
    public void durable(long group) {
      events.add("durable " + group);
    }
  }

  private List<Long> stored() {
    List<Long> ids = new ArrayList<>();
    disk.metadata().load(RecordKind.STATE, 0, (kind, volume, owner, id, bytes) -> ids.add(id));
    return ids;
  }

  @Test
  void aCutThatRanOutOfMemoryIsCompletedBeforeAnythingIsAppended() {
    HalfCut source = new HalfCut();
    TransactionGroups half =
        new TransactionGroups(
            source,
            new LocalLog(
                new MetadataStore() {
                  @Override
                  public void append(Batch batch) {
                    source.events.add("append");
                    disk.metadata().append(batch);
                  }

                  @Override
                  public void load(RecordKind kind, int volume, Batch.Changes into) {}

                  @Override
                  public void close() {}
                }),
            0,
            () -> source.events.add("new verifier"));
    half.whenDurable(1, Runnable::run, failure -> source.events.add("told " + failure));
    assertThatThrownBy(half::commit)
        .isInstanceOfSatisfying(
            ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.NO_SPACE));
    assertThat(source.events).hasSize(2).startsWith("new verifier");
    assertThat(source.events.get(1)).contains("no memory");
    assertThat(stored()).isEmpty();
    half.commit();
    assertThat(stored()).containsExactly(1L, 2L, 100L);
    assertThat(source.events).filteredOn("append"::equals).hasSize(1);
    assertThat(half.isDurable(1)).isTrue();
  }

  @Test
  void afterADefectNothingIsMadeDurableAnyMoreAndWhoeverWaitsIsTold() {
    HalfCut source = new HalfCut();
    source.thrown = new IllegalStateException("simulated");
    TransactionGroups half = new TransactionGroups(source, disk.log(), 0, () -> {});
    List<Throwable> told = new ArrayList<>();
    half.whenDurable(1, Runnable::run, told::add);
    assertThatThrownBy(half::commit).hasMessage("simulated");
    half.whenDurable(half.openGroup(), Runnable::run, told::add);
    assertThat(told)
        .hasSize(2)
        .allSatisfy(
            failure ->
                assertThat(failure)
                    .isInstanceOfSatisfying(
                        ArrayException.class, e -> assertThat(e.error()).isEqualTo(ArrayError.IO)));
    assertThatThrownBy(half::commit).hasMessageContaining("nothing is made durable any more");
    assertThatThrownBy(half::admit).hasMessageContaining("nothing is made durable any more");
    assertThatThrownBy(half::close).hasMessageContaining("nothing is made durable any more");
    half.close();
    assertThat(stored()).isEmpty();
    assertThat(source.events).isEmpty();
  }

  @Test
  void theCommitterOfADefectEndsAndCloseDoesNotWaitForIt() throws Exception {
    HalfCut source = new HalfCut();
    source.thrown = new StackOverflowError();
    TransactionGroups half = new TransactionGroups(source, disk.log(), 0, () -> {});
    half.start("committer");
    CompletableFuture<Throwable> told = new CompletableFuture<>();
    half.whenDurable(1, Runnable::run, told::complete);
    assertThat(told.get(10, TimeUnit.SECONDS)).isInstanceOf(ArrayException.class);
    assertThatThrownBy(half::close).isInstanceOf(ArrayException.class);
    assertThat(stored()).isEmpty();
  }

  @Test
  void aWaiterThatThrowsIsNotTheOthersTrouble() {
    groups.whenDurable(
        1,
        Runnable::run,
        failure -> {
          throw new IllegalStateException("simulated");
        });
    await(1);
    groups.commit();
    assertThat(events).endsWith("done 1");
    groups.commit();
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void aWaiterWhoseExecutorHasNoThreadIsNotTheOthersTrouble() {
    groups.whenDurable(
        1,
        told -> {
          throw new OutOfMemoryError("unable to create native thread");
        },
        failure -> {});
    await(1);
    groups.commit();
    assertThat(events).endsWith("done 1");
    groups.commit();
    assertThat(rows()).isEqualTo(2);
  }

  /** It mutated before the last cut, so it gets what that cut comes to. */
  @Test
  void whoeverBeginsToWaitWhileTheGroupsCloseIsToldTheOutcome() {
    List<Throwable> told = new ArrayList<>();
    TransactionGroups[] closing = new TransactionGroups[1];
    closing[0] =
        new TransactionGroups(
            new TransactionGroups.Source() {
              @Override
              public void cut(Group into) {
                long group = into.number();
                closing[0].whenDurable(group, Runnable::run, told::add);
                closing[0].whenDurable(group + 1, Runnable::run, told::add);
              }

              @Override
              public void durable(long group) {}
            },
            disk.log(),
            0,
            () -> {});
    closing[0].close();
    assertThat(told).hasSize(2);
    assertThat(told.get(0)).isNull();
    assertThat(told.get(1)).hasMessageContaining("closed");
  }

  @Test
  void theCommitterGoesOnWhenItIsInterrupted() throws Exception {
    groups.start("facsim-interrupted-committer");
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals("facsim-interrupted-committer"))
        .forEach(Thread::interrupt);
    CompletableFuture<Throwable> done = new CompletableFuture<>();
    groups.whenDurable(1, Runnable::run, done::complete);
    assertThat(done.get(10, TimeUnit.SECONDS)).isNull();
    groups.close();
  }

  @Test
  void abandoningCommitsNothingAndTellsWhoeverWaits() {
    await(1);
    groups.abandon();
    groups.close();
    assertThat(events).containsExactly("failed 1");
    assertThat(rows()).isZero();
  }

  @Test
  void nothingIsCommittedAfterClose() {
    groups.close();
    assertThatThrownBy(groups::commit).hasMessageContaining("closed");
    groups.close();
    assertThat(rows()).isEqualTo(1);
  }

  @Test
  void changesAreRefusedWhileMoreWaitsThanIsKeptWithTheDisksOwnError() {
    groups.admit();
    groups.addUncut(Admission.MAX_UNCUT_BYTES + 1);
    assertThat(errorOfAdmission()).isEqualTo(ArrayError.BUSY);
    assertThat(groups.isBehind()).isTrue();
    disk.plan(SimulatedDisk.Trouble.FULL, 0, 1);
    assertThatThrownBy(groups::commit).isInstanceOf(ArrayException.class);
    assertThat(errorOfAdmission()).isEqualTo(ArrayError.NO_SPACE);
    groups.addUncut(-Admission.MAX_UNCUT_BYTES - 1);
    groups.admit();
    assertThat(groups.isBehind()).isFalse();
  }

  private ArrayError errorOfAdmission() {
    try {
      groups.admit();
      return null;
    } catch (ArrayException e) {
      return e.error();
    }
  }

  /** It would wait for its own end, for ever. */
  @Test
  void aWaiterOnTheCommittersThreadCannotCloseTheGroups() throws Exception {
    CompletableFuture<Throwable> refused = new CompletableFuture<>();
    groups.start("committer-under-test");
    groups.whenDurable(
        groups.openGroup(),
        Runnable::run,
        failure -> {
          try {
            groups.close();
            refused.complete(null);
          } catch (IllegalStateException e) {
            refused.complete(e);
          }
        });
    assertThat(refused.get(30, TimeUnit.SECONDS)).hasMessageContaining("thread of its own");
    groups.commit();
    groups.close();
  }
}
