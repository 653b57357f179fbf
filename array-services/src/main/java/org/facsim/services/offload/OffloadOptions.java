/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the engine is built from beside the array and its profiles.
 *
 * @param clock stamps events
 * @param nanoTime measures latencies
 * @param scheduler runs the steps of jobs that copy; closed with the engine
 * @param listener hears every change of a clone job
 * @param meters one for each kind of call that is timed, on each volume and for each client
 * @param maxJobs jobs under way at a time, and as many finished ones remembered that a host had to
 *     wait for; 1 to 65536
 * @param maxJobsPerClient of these, under way for one client's address; 1 to 65536
 */
public record OffloadOptions(
    InstantSource clock,
    LongSupplier nanoTime,
    JobScheduler scheduler,
    CloneJobListener listener,
    Supplier<LatencyMeter> meters,
    int maxJobs,
    int maxJobsPerClient) {
  private static final int MOST_JOBS = 1 << 16;

  public OffloadOptions {
    Objects.requireNonNull(clock);
    Objects.requireNonNull(nanoTime);
    Objects.requireNonNull(scheduler);
    Objects.requireNonNull(listener);
    Objects.requireNonNull(meters);
    requireRange("jobs", maxJobs);
    requireRange("jobs per client", maxJobsPerClient);
  }

  private static void requireRange(String what, int value) {
    if (value < 1 || value > MOST_JOBS) {
      throw new IllegalArgumentException(what + " " + value + ", allowed 1 to " + MOST_JOBS);
    }
  }

  /** With a thread of its own for copies, and 4096 jobs, 1024 of these for one client. */
  public static OffloadOptions of(
      InstantSource clock, CloneJobListener listener, Supplier<LatencyMeter> meters) {
    return new OffloadOptions(
        clock, System::nanoTime, JobScheduler.withThread(), listener, meters, 4096, 1024);
  }

  /** With another scheduler. */
  public OffloadOptions withScheduler(JobScheduler other) {
    return new OffloadOptions(clock, nanoTime, other, listener, meters, maxJobs, maxJobsPerClient);
  }

  FairShare jobShare() {
    return new FairShare(maxJobs, maxJobsPerClient);
  }
}
