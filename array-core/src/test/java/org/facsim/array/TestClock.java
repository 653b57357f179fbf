/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test moves by hand, backwards too. */
final class TestClock implements InstantSource {
  private volatile Instant now = Instant.parse("2013-11-22T09:00:00Z");

  @Override
  public Instant instant() {
    return now;
  }

  void advance(Duration step) {
    now = now.plus(step);
  }

  long nanos() {
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }
}
