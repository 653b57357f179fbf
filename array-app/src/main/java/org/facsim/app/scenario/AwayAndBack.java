/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.facsim.embedded.FacsimArray;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.services.state.Later;

/**
 * How an array goes away and comes back in the time of hosts. It closes and opens its doors on a
 * thread of its own, which takes the machine's time; whoever has it do that waits, and no stepped
 * time passes meanwhile. So a run does not depend on how long it takes.
 */
final class AwayAndBack implements Later {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_NANOS = 1_000_000;

  private final HostTime time;
  private final Supplier<FacsimArray> array;
  private final AtomicInteger departures = new AtomicInteger();

  /**
   * An array that is there.
   *
   * @param array asked for when it goes away first
   */
  AwayAndBack(HostTime time, Supplier<FacsimArray> array) {
    this.time = time;
    this.array = array;
  }

  /** Called by the array when its doors are closed. */
  @Override
  public void after(Duration delay, Runnable comeBack) {
    time.after(delay, () -> comeBack(comeBack));
    departures.incrementAndGet();
  }

  private void comeBack(Runnable comeBack) {
    comeBack.run();
    await(() -> !array.get().arrayFaults().isAway(), "has not come back");
  }

  /** Does what makes the array go away, and waits until its doors are closed. */
  void leave(Runnable deed) {
    int before = departures.get();
    deed.run();
    await(() -> departures.get() > before, "has not gone away");
  }

  private static void await(BooleanSupplier condition, String complaint) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("the array " + complaint + " after " + PATIENCE);
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }
}
