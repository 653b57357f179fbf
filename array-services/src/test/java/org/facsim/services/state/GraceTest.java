/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class GraceTest {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final Grace grace = new Grace(Duration.ofSeconds(90), nanos::get);

  @Test
  void nothingToReclaimMeansNoGrace() {
    grace.begin(List.of());
    assertThat(grace.isRunning()).isFalse();
    assertThat(grace.left()).isZero();
  }

  @Test
  void itEndsWhenEverybodyHasReclaimed() {
    AtomicInteger over = new AtomicInteger();
    grace.begin(List.of("a", "b"));
    grace.whenOver(over::incrementAndGet);
    assertThat(grace.mayReclaim("a")).isTrue();
    assertThat(grace.mayReclaim("c")).isFalse();
    grace.finished("c");
    grace.finished("a");
    assertThat(grace.mayReclaim("a")).as("it said that it is done").isFalse();
    assertThat(grace.isRunning()).isTrue();
    assertThat(over).hasValue(0);
    grace.finished("b");
    assertThat(grace.isRunning()).isFalse();
    assertThat(over).hasValue(1);
  }

  @Test
  void itLastsAsLongAsTheSlowestClientsNeed() {
    grace.begin(List.of("a"), Duration.ofMinutes(2));
    grace.begin(List.of("b"));
    nanos.addAndGet(Duration.ofSeconds(119).toNanos());
    assertThat(grace.mayReclaim("b")).isTrue();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(grace.isRunning()).isFalse();
  }

  @Test
  void itGoesOnWhileSomebodyReclaimsButNotForEver() {
    grace.begin(List.of("a"));
    nanos.addAndGet(Duration.ofSeconds(10).toNanos());
    grace.goesOn();
    assertThat(grace.left()).as("there is time enough").isEqualTo(Duration.ofSeconds(80));
    nanos.addAndGet(Duration.ofSeconds(78).toNanos());
    for (int second = 88; second < 180; second += 2) {
      assertThat(grace.mayReclaim("a")).as("after %s s", second).isTrue();
      grace.goesOn();
      nanos.addAndGet(Duration.ofSeconds(2).toNanos());
    }
    assertThat(grace.isRunning()).as("twice its time").isFalse();
    grace.goesOn();
    assertThat(grace.isRunning()).isFalse();
  }

  @Test
  void itEndsAShortTimeAfterTheLastReclaim() {
    grace.begin(List.of("a"));
    nanos.addAndGet(Duration.ofSeconds(89).toNanos());
    grace.goesOn();
    nanos.addAndGet(Duration.ofSeconds(4).toNanos());
    assertThat(grace.isRunning()).isTrue();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(grace.isRunning()).isFalse();
  }

  @Test
  void itEndsWithItsTimeEvenIfSomebodyIsSilent() {
    AtomicInteger over = new AtomicInteger();
    grace.begin(List.of("a"));
    grace.whenOver(over::incrementAndGet);
    nanos.addAndGet(Duration.ofSeconds(89).toNanos());
    assertThat(grace.left()).isEqualTo(Duration.ofSeconds(1));
    assertThat(grace.mayReclaim("a")).isTrue();
    nanos.addAndGet(Duration.ofSeconds(1).toNanos());
    assertThat(grace.mayReclaim("a")).isFalse();
    assertThat(over).hasValue(1);
    grace.begin(List.of("z"));
    assertThat(grace.mayReclaim("a")).as("of the grace period before").isFalse();
  }
}
