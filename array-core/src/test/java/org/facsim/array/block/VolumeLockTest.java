/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
@SuppressWarnings("LockNotBeforeTry") // what happens between lock and unlock is the test
class VolumeLockTest {
  private final VolumeLock lock = new VolumeLock();
  private CompletableFuture<Void> other = CompletableFuture.completedFuture(null);

  @AfterEach
  void theOtherThreadEnds() throws Exception {
    other.get(10, TimeUnit.SECONDS);
  }

  @Test
  void isWantedAsLongAsSomebodyWaits() throws Exception {
    lock.lock();
    assertThat(lock.isWanted()).isFalse();
    other = CompletableFuture.runAsync(this::takeAndGiveBack);
    while (!lock.isWanted()) {
      Thread.onSpinWait();
    }
    TimeUnit.MILLISECONDS.sleep(20); // by now the other one sleeps
    assertThat(lock.isWanted()).isTrue();
    lock.unlock();
    other.get(10, TimeUnit.SECONDS);
    assertThat(lock.isWanted()).isFalse();
    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void theBackgroundIsNotWaitedForByItsOwnKind() throws Exception {
    lock.lock();
    other =
        CompletableFuture.runAsync(
            () -> {
              lock.lockBehindOthers();
              lock.unlock();
            });
    TimeUnit.MILLISECONDS.sleep(20);
    assertThat(lock.isWanted()).isFalse();
    lock.unlock();
    other.get(10, TimeUnit.SECONDS);
    assertThat(lock.isLocked()).isFalse();
  }

  @Test
  void theBackgroundTakesItsOwnLockAgain() {
    lock.lock();
    lock.lockBehindOthers();
    assertThat(lock.getHoldCount()).isEqualTo(2);
    lock.unlock();
    lock.unlock();
    assertThat(lock.isLocked()).isFalse();
  }

  private void takeAndGiveBack() {
    lock.lock();
    lock.unlock();
  }
}
