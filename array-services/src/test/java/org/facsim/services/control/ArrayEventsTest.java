/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The last events, whoever asks for them or subscribes, however slow. */
class ArrayEventsTest {
  private static final Instant NOON = Instant.parse("2026-11-30T12:00:00Z");
  private static final int MAX_EVENTS = 8;

  private final ArrayEvents events = new ArrayEvents(() -> NOON, 0, MAX_EVENTS, 1 << 20);

  private final Queue<Runnable> tasks = new ArrayDeque<>();
  private final List<String> heard = new ArrayList<>();

  private final EventSubscriber subscriber =
      new EventSubscriber() {
        @Override
        public void heard(List<ArrayEvent> some) {
          some.forEach(event -> heard.add("" + event.sequence()));
        }

        @Override
        public void missed(long nextSequence) {
          heard.add("missed until " + nextSequence);
        }
      };

  private void add(int count) {
    for (int i = 0; i < count; i++) {
      events.add(new ArrayChange.StateSaved("s" + i));
    }
  }

  private void runTasks() {
    Runnable task;
    while ((task = tasks.poll()) != null) {
      task.run();
    }
  }

  private static List<Long> sequences(EventPage page) {
    return page.events().stream().map(ArrayEvent::sequence).toList();
  }

  @Test
  void eventsHaveTheArraysTimeAndCountUpByOne() {
    add(3);
    EventPage page = events.after(0, 10);
    assertThat(page.isComplete()).isTrue();
    assertThat(page.events())
        .containsExactly(
            new ArrayEvent(1, NOON, new ArrayChange.StateSaved("s0")),
            new ArrayEvent(2, NOON, new ArrayChange.StateSaved("s1")),
            new ArrayEvent(3, NOON, new ArrayChange.StateSaved("s2")));
    assertThat(events.lastSequence()).isEqualTo(3);
  }

  @Test
  void whoeverAsksInPagesGetsAllOfThem() {
    add(5);
    assertThat(sequences(events.after(0, 2))).containsExactly(1L, 2L);
    EventPage rest = events.after(2, 10);
    assertThat(sequences(rest)).containsExactly(3L, 4L, 5L);
    assertThat(rest.lastSequence()).isEqualTo(5);
    assertThat(events.after(5, 10)).isEqualTo(new EventPage(List.of(), true, 5));
  }

  @Test
  void whoeverIsTooFarBehindIsTold() {
    add(MAX_EVENTS + 3);
    assertThat(events.after(3, 100).isComplete()).as("4 is the oldest").isTrue();
    EventPage page = events.after(2, 100);
    assertThat(page.isComplete()).isFalse();
    assertThat(sequences(page)).startsWith(4L).hasSize(MAX_EVENTS);
  }

  @Test
  void aNumberThatIsNotOfThisRunIsToldApart() {
    add(1);
    assertThat(events.after(7, 10).isComplete()).as("never given so far").isFalse();
    ArrayEvents next = new ArrayEvents(() -> NOON, 3, MAX_EVENTS, 1 << 20);
    assertThat(next.after(1, 10).isComplete()).as("of an earlier run").isFalse();
    assertThat(next.after(next.lastSequence(), 10).isComplete()).isTrue();
    next.add(new ArrayChange.StateSaved("s"));
    assertThat(next.lastSequence()).isEqualTo(300_000_000_001L);
  }

  @Test
  void largeEventsPushOutOlderOnesSooner() {
    ArrayEvents small = new ArrayEvents(() -> NOON, 0, MAX_EVENTS, 4096);
    List<String> names = Collections.nCopies(20, "x".repeat(64));
    for (int i = 0; i < MAX_EVENTS; i++) {
      small.add(new ArrayChange.StateRestored("s", names, List.of()));
    }
    assertThat(small.after(0, 100).events()).as("one of some 4,352 bytes").hasSize(1);
    small.add(new ArrayChange.StateSaved("s"));
    assertThat(small.after(MAX_EVENTS, 100).events()).hasSize(1);
  }

  @Test
  void aSubscriberCatchesUpAndThenHearsEachOnce() {
    add(3);
    events.subscribe(1, tasks::add, subscriber);
    runTasks();
    assertThat(heard).containsExactly("2", "3");
    add(2);
    runTasks();
    assertThat(heard).containsExactly("2", "3", "4", "5");
  }

  @Test
  void oneThatIsTooSlowIsToldWhatItMissedAndDelaysNobody() {
    events.subscribe(0, tasks::add, subscriber);
    add(MAX_EVENTS + 2);
    assertThat(tasks).as("one task, however many events").hasSize(1);
    runTasks();
    assertThat(heard).startsWith("missed until 3", "3").endsWith("10").hasSize(1 + MAX_EVENTS);
    add(1);
    runTasks();
    assertThat(heard).endsWith("10", "11");
  }

  @Test
  void oneOfAnEarlierRunIsToldThatItMissedSomethingEvenBeforeTheFirstEvent() {
    events.subscribe(99, tasks::add, subscriber);
    runTasks();
    add(1);
    runTasks();
    assertThat(heard).containsExactly("missed until 1", "1");
  }

  @Test
  void oneThatIsClosedFailsOrHasNoExecutorHearsNoMore() {
    ArrayEvents.Subscription closed = events.subscribe(0, tasks::add, subscriber);
    add(1);
    closed.close();
    closed.close();
    runTasks();
    add(1);
    events.subscribe(
        2,
        task -> {
          throw new RejectedExecutionException();
        },
        subscriber);
    add(1);
    assertThat(tasks).isEmpty();
    assertThat(heard).isEmpty();
  }

  @Test
  void subscriptionsAreBounded() {
    for (int i = 0; i < ArrayEvents.MAX_SUBSCRIPTIONS; i++) {
      events.subscribe(0, tasks::add, subscriber);
    }
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(() -> events.subscribe(0, tasks::add, subscriber));
  }

  @Test
  void nothingIsHeardTwiceOrLeftOutSilentlyWhileThreadsAdd() throws Exception {
    int each = 2_000;
    ArrayEvents many = new ArrayEvents(() -> NOON, 0, 64, 1 << 20);
    CountDownLatch last = new CountDownLatch(1);
    List<String> gaps = Collections.synchronizedList(new ArrayList<>());
    EventSubscriber counting =
        new EventSubscriber() {
          private long next = 1;

          @Override
          public void heard(List<ArrayEvent> some) {
            for (ArrayEvent event : some) {
              if (event.sequence() != next++) {
                gaps.add("heard " + event.sequence());
              }
            }
            if (next == 2 * each + 1) {
              last.countDown();
            }
          }

          @Override
          public void missed(long nextSequence) {
            if (nextSequence <= next) {
              gaps.add("missed until " + nextSequence + " when waiting for " + next);
            }
            next = nextSequence;
          }
        };
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      many.subscribe(0, threads, counting);
      Runnable adding =
          () -> {
            for (int i = 0; i < each; i++) {
              many.add(new ArrayChange.StateSaved("s"));
            }
          };
      threads.execute(adding);
      threads.execute(adding);
      assertThat(last.await(60, TimeUnit.SECONDS)).as("the last one is heard").isTrue();
      assertThat(gaps).isEmpty();
    } finally {
      threads.shutdownNow();
    }
  }
}
