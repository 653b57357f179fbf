/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.nlm;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.facsim.protocol.nlm.Nlm;
import org.facsim.protocol.nlm.NlmLock;
import org.facsim.protocol.nlm.NlmResult;
import org.facsim.protocol.nlm.NlmStatus;
import org.facsim.protocol.nlm.NlmTestArgs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a waiting client learns of its lock when things go wrong. */
class GrantCallsTest {
  private final LockDoor door = new LockDoor();
  private final NlmLock wanted = door.lock("b", 0, 0);

  @BeforeEach
  void bertWaits() {
    door.exclusive("a");
    door.lock(wanted, true, true);
  }

  @AfterEach
  void close() {
    door.close();
  }

  private static void until(BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("did not happen within 10 s");
      }
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private void untilSettled() {
    until(() -> door.manager.grants().pending() == 0);
  }

  @Test
  void isCalledAgainUntilItAnswers() {
    door.host.grantedAnswer = null;
    door.unlock("a");
    NlmTestArgs first = door.host.nextGranted();
    assertThat(door.host.nextGranted()).as("the same again").isEqualTo(first);
    door.host.grantedAnswer = NlmStatus.GRANTED;
    untilSettled();
    assertThat(door.holders()).containsExactly("b 0 to end");
  }

  @Test
  void whoIsNotReadyIsCalledAgain() {
    door.host.grantedAnswer = NlmStatus.DENIED_GRACE_PERIOD;
    door.unlock("a");
    door.host.nextGranted();
    door.host.nextGranted();
    door.host.grantedAnswer = NlmStatus.GRANTED;
    untilSettled();
    assertThat(door.holders()).containsExactly("b 0 to end");
  }

  @Test
  void aLockThatIsNotWantedAnyMoreGoesToTheNext() {
    NlmLock next = door.lock("c", 0, 0);
    door.lock(next, true, true);
    door.host.grantedAnswer = NlmStatus.DENIED;
    door.unlock("a");
    assertThat(door.host.nextGranted().lock()).isEqualTo(wanted);
    door.host.grantedAnswer = NlmStatus.GRANTED;
    assertThat(door.host.nextGranted().lock()).isEqualTo(next);
    untilSettled();
    assertThat(door.holders()).containsExactly("c 0 to end");
  }

  @Test
  void onceACallMayHaveArrivedADenialTakesNothingBack() {
    door.host.grantedAnswer = null;
    door.unlock("a");
    door.host.nextGranted();
    door.host.grantedAnswer = NlmStatus.DENIED;
    untilSettled();
    assertThat(door.holders()).containsExactly("b 0 to end");
  }

  @Test
  void askingAgainIsAnsweredAndNotCalledAnyMore() {
    door.host.lockManagerRuns = false;
    door.unlock("a");
    assertThat(door.lock(wanted, true, true)).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.manager.grants().pending()).isZero();
    assertThat(door.host.poll(100)).isNull();
    door.host.lockManagerRuns = true;
    assertThat(door.host.poll(200)).isNull();
    assertThat(door.holders()).containsExactly("b 0 to end");
  }

  @Test
  void cancelAndUnlockGiveBackALockThatWasNotToldOfYet() {
    door.host.lockManagerRuns = false;
    door.unlock("a");
    assertThat(door.holders()).containsExactly("b 0 to end");
    assertThat(door.cancel(wanted, true)).isEqualTo(NlmStatus.GRANTED);
    assertThat(door.holders()).isEmpty();
    assertThat(door.manager.grants().pending()).isZero();
  }

  @Test
  void whoCannotBeReachedForLongIsTakenForGone() {
    door.host.lockManagerRuns = false;
    door.unlock("a");
    door.nowNanos.addAndGet((GrantCalls.UNREACHABLE_SECONDS - 1) * 1_000_000_000L);
    assertThat(door.holders()).containsExactly("b 0 to end");
    door.nowNanos.addAndGet(2_000_000_000L);
    untilSettled();
    until(() -> door.holders().isEmpty());
    assertThat(door.exclusive("c")).isEqualTo(NlmStatus.GRANTED);
  }

  @Test
  void anAnswerInAMessageCountsToo() {
    door.host.grantedAnswer = null;
    door.unlock("a");
    NlmTestArgs granted = door.host.nextGranted();
    door.call(Nlm.GRANTED_RES, new NlmResult(LockDoor.COOKIE, NlmStatus.GRANTED)::encode);
    assertThat(door.manager.grants().pending()).as("another's cookie").isEqualTo(1);
    door.call(Nlm.GRANTED_RES, new NlmResult(granted.cookie(), NlmStatus.GRANTED)::encode);
    assertThat(door.manager.grants().pending()).isZero();
    assertThat(door.holders()).containsExactly("b 0 to end");
  }

  /** Whoever says so often that it is not ready is called one time after the other, as before. */
  @Test
  void messagesThatAskForAnotherCallDoNotMultiplyTheCalls() {
    door.host.grantedAnswer = NlmStatus.DENIED_GRACE_PERIOD;
    door.unlock("a");
    NlmTestArgs granted = door.host.nextGranted();
    NlmHost host = new NlmHost("", InetAddress.getLoopbackAddress());
    int messages = 60;
    for (int i = 0; i < messages; i++) { // as GRANTED_RES
      door.manager.grants().answered(host, granted.cookie(), NlmStatus.DENIED_GRACE_PERIOD);
    }
    int calls = 0;
    while (calls < messages && door.host.poll(300) != null) {
      calls++;
    }
    assertThat(calls).isLessThan(messages / 2);
  }
}
