/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What an engine needs besides the array and its profiles.
 *
 * @param clock stamps events
 * @param nanoTime measures latencies
 * @param scheduler runs the steps of jobs that copy; closed with the engine
 * @param listener is told every change of a clone job
 * @param meters makes a meter for each kind of call that is timed, on each volume and for each
 *     client
 * @param maxJobs how many jobs may be under way at a time; the same number of finished ones that a
 *     host had to wait for is remembered; 1 to 65536
 * @param maxJobsPerClient how many of these may be under way for one client's address; 1 to 65536
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

  /**
   * The options with a thread of its own for copies, and at most 4096 jobs, 1024 of them for one
   * client.
   */
  public static OffloadOptions of(
      InstantSource clock, CloneJobListener listener, Supplier<LatencyMeter> meters) {
    return new OffloadOptions(
        clock, System::nanoTime, JobScheduler.withThread(), listener, meters, 4096, 1024);
  }

  /** The same options with another scheduler. */
  public OffloadOptions withScheduler(JobScheduler other) {
    return new OffloadOptions(clock, nanoTime, other, listener, meters, maxJobs, maxJobsPerClient);
  }

  FairShare jobShare() {
    return new FairShare(maxJobs, maxJobsPerClient);
  }
}
