/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.facsim.hypervisor.time.HostTime;
import org.facsim.protocol.rpc.CallTimer;

/** Has the calls of a host run out by the host's time. */
final class HostCallTimer implements CallTimer {
  private final HostTime time;

  HostCallTimer(HostTime time) {
    this.time = time;
  }

  @Override
  public long nanoTime() {
    return time.nanoTime();
  }

  @Override
  public Runnable after(long delayNanos, Executor loop, Runnable task) {
    HostTime.Timer timer = time.after(Duration.ofNanos(delayNanos), () -> hop(loop, task));
    return timer::cancel;
  }

  /** Stepped time must not go on before the loop has failed what is late. */
  private void hop(Executor loop, Runnable task) {
    try {
      var unused = time.expect(this, CompletableFuture.runAsync(task, loop));
    } catch (RejectedExecutionException e) {
      // The loop has ended, and with it all of its calls.
    }
  }
}
