/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.array.ArrayException;
import org.facsim.services.control.ArrayControl;
import org.facsim.services.control.RateSample;
import org.facsim.services.control.Visits;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Once a second: takes a sample of the rates, and looks whether VMs changed if anybody follows
 * them. It works on a thread of {@link Workers}; a look that takes longer than a second delays the
 * next one.
 */
final class Ticker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Ticker.class);
  private static final int SECOND_MILLIS = 1000;

  private final Vertx vertx;
  private final Workers workers;
  private final ArrayControl array;
  private final Visits visits;
  private final AtomicBoolean isAtWork = new AtomicBoolean();
  private final AtomicInteger vmFollowers = new AtomicInteger();
  private long timer = -1;
  private volatile RateSample lastSample;
  private volatile long vmsVersion = -1;

  Ticker(Vertx vertx, Workers workers, ArrayControl array, Visits visits) {
    this.vertx = vertx;
    this.workers = workers;
    this.array = array;
    this.visits = visits;
  }

  void start() {
    tick();
    timer = vertx.setPeriodic(SECOND_MILLIS, id -> tick());
  }

  /** The latest sample; null before the first one. */
  RateSample lastSample() {
    return lastSample;
  }

  /** The version of the VMs at the last look; -1 before the first one. */
  long vmsVersion() {
    return vmsVersion;
  }

  /** One more, or one less, follows the VMs. */
  void wantVms(int more) {
    if (vmFollowers.addAndGet(more) == 1 && more > 0) {
      tick();
    }
  }

  private void tick() {
    if (!isAtWork.compareAndSet(false, true)) {
      return;
    }
    try {
      workers.run(this::look);
    } catch (Problem busy) {
      isAtWork.set(false); // the next second will do
    }
  }

  private void look() {
    try {
      visits.during(
          () -> {
            array.rates().sample();
            List<RateSample> last = array.rates().after(0, 1).samples();
            lastSample = last.isEmpty() ? lastSample : last.get(0);
            if (vmFollowers.get() > 0) {
              vmsVersion = array.vms().version();
            }
          });
    } catch (ArrayException away) {
      LOG.debug("no sample: {}", away.getMessage());
    } catch (RuntimeException defect) {
      LOG.error("a sample of the rates failed", defect);
    } finally {
      isAtWork.set(false);
    }
  }

  @Override
  public void close() {
    if (timer >= 0) {
      vertx.cancelTimer(timer);
    }
  }
}
