/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.it.vaai;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** A clock that stands still until a test moves it, or that moves whenever somebody looks. */
final class HandClock extends Clock {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-30T12:00:00Z"));
  private final Duration eachLook;

  HandClock(Duration eachLook) {
    this.eachLook = eachLook;
  }

  HandClock() {
    this(Duration.ZERO);
  }

  void advance(Duration time) {
    now.updateAndGet(before -> before.plus(time));
  }

  @Override
  public Instant instant() {
    return now.getAndUpdate(before -> before.plus(eachLook));
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
