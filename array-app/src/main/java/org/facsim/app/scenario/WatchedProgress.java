/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.scenario;

import java.util.concurrent.CancellationException;
import org.facsim.hypervisor.datastore.TransferProgress;

/**
 * A task's progress, and what is done when the task has come to a percentage. The task's thread
 * uses it, then the one that waited for the task.
 */
final class WatchedProgress implements TransferProgress {
  private final int percent;
  private final Runnable deed;
  private final boolean isCancelled;
  private boolean isDone;
  private boolean hasFallen;
  private boolean wasBetween;
  private long last;

  /**
   * Nothing transferred yet.
   *
   * @param percent when the deed is done; 0 for never
   * @param isCancelled whether the task is cancelled then
   */
  WatchedProgress(int percent, Runnable deed, boolean isCancelled) {
    this.percent = percent;
    this.deed = deed;
    this.isCancelled = isCancelled;
  }

  @Override
  public synchronized void transferred(long doneBytes, long totalBytes) {
    hasFallen |= doneBytes < last;
    wasBetween |= doneBytes > 0 && doneBytes < totalBytes;
    last = doneBytes;
    if (percent > 0 && !isDone && doneBytes * 100 >= totalBytes * percent) {
      isDone = true;
      deed.run();
      if (isCancelled) {
        throw new CancellationException("cancelled at " + percent + " %");
      }
    }
  }

  synchronized Outcome addTo(Outcome outcome) {
    String progress = hasFallen ? "fell" : wasBetween ? "monotonic" : "ends";
    return outcome.with("progress", progress);
  }
}
