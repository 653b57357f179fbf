/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ThreadReserveTest {
  private final List<Thread> made = new ArrayList<>();
  private int room = 100;
  private final ThreadReserve reserve = new ThreadReserve(this::start);

  private void start(Runnable task) {
    if (alive() >= room) {
      throw new OutOfMemoryError("unable to create native thread");
    }
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    made.add(thread);
    thread.start();
  }

  private int alive() {
    made.removeIf(thread -> !thread.isAlive());
    return made.size();
  }

  private void awaitAlive(int count) throws InterruptedException {
    for (Thread thread : List.copyOf(made)) {
      thread.join(count == 0 ? 10_000 : 1); // a trial ends by itself
    }
    while (alive() > count) {
      Thread.sleep(1);
    }
    assertThat(alive()).isEqualTo(count);
  }

  @AfterEach
  void letAllEnd() throws InterruptedException {
    room = 0;
    for (int i = 0; i <= ThreadReserve.RETRY_SECONDS && reserve.isFull(); i++) {
      reserve.look();
    }
    awaitAlive(0);
  }

  @Test
  void threadsWaitUntilNoMoreCanBeMade() throws InterruptedException {
    reserve.look();
    awaitAlive(ThreadReserve.THREADS);
    reserve.look();
    awaitAlive(ThreadReserve.THREADS);
    room = ThreadReserve.THREADS;
    reserve.look();
    awaitAlive(0);
    assertThat(reserve.isFull()).isFalse();
  }

  @Test
  void theRoomIsLeftAloneForAWhileAndThenTakenAgain() throws InterruptedException {
    room = ThreadReserve.THREADS;
    reserve.look();
    awaitAlive(0);
    room = 100;
    for (int i = 0; i < ThreadReserve.RETRY_SECONDS; i++) {
      reserve.look();
      assertThat(reserve.isFull()).isFalse();
    }
    reserve.look();
    assertThat(reserve.isFull()).isTrue();
    awaitAlive(ThreadReserve.THREADS);
  }
}
