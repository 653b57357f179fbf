/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.vaai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.facsim.array.Durability;

/** A medium that is as slow as the test wants. */
final class SlowMedium implements Durability {
  private final List<Consumer<Throwable>> waiting = new CopyOnWriteArrayList<>();

  @Override
  public boolean isDurable(long transactionGroup) {
    return false;
  }

  @Override
  public void whenDurable(long transactionGroup, Executor executor, Consumer<Throwable> done) {
    waiting.add(failure -> executor.execute(() -> done.accept(failure)));
  }

  void awaitWaiting(int count) throws InterruptedException {
    long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (waiting.size() < count) {
      assertThat(System.nanoTime()).as("%d wait", waiting.size()).isLessThan(deadlineNanos);
      Thread.sleep(1);
    }
  }

  void finish(Throwable failure) {
    waiting.forEach(done -> done.accept(failure));
  }

  int waitingCount() {
    return waiting.size();
  }
}
