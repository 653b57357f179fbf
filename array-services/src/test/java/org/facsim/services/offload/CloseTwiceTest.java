/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.facsim.array.ArrayOptions;
import org.facsim.array.StorageArray;
import org.facsim.array.engine.ArrayEngine;
import org.junit.jupiter.api.Test;

class CloseTwiceTest {
  @Test
  void theEngineClosesItsSchedulerOnce() {
    AtomicInteger closed = new AtomicInteger();
    JobScheduler counting =
        new JobScheduler() {
          @Override
          public void schedule(Runnable step, Duration delay) {}

          @Override
          public void close() {
            closed.incrementAndGet();
          }
        };
    OffloadOptions options =
        OffloadOptions.of(InstantSource.system(), CloneJobListener.NONE, CountingMeter::new)
            .withScheduler(counting);
    try (StorageArray array =
        ArrayEngine.ephemeral(new ArrayOptions(1 << 30, InstantSource.system(), 1))) {
      OffloadEngine engine =
          new OffloadEngine(array, new VolumeProfiles(NamedProfiles.SHARING), options);
      engine.close();
      engine.close();
    }
    assertThat(closed).hasValue(1);
  }

  @Test
  void aSchedulersThreadEndsOnce() throws Exception {
    JobScheduler scheduler = JobScheduler.withThread();
    CountDownLatch ran = new CountDownLatch(1);
    scheduler.schedule(ran::countDown, Duration.ZERO);
    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
    scheduler.close();
    assertThatCode(scheduler::close).doesNotThrowAnyException();
  }
}
