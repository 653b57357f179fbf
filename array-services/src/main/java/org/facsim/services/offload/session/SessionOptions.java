/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What the session layer is built from beside the offload and the exports.
 *
 * @param clock decides when sessions expire
 * @param random where session ids come from
 * @param lease a session ends after so long without a call; 1 s to 1 day
 * @param maxSessions at a time, 1 or more
 * @param maxSessionsPerClient of these, of one client's address; 1 or more
 * @param maxRequests answers remembered per session for retransmissions, and finished jobs for
 *     status queries; 1 or more
 * @param fileSystemVersions of mounts that sessions may be started for: 3 for NFSv3
 */
public record SessionOptions(
    InstantSource clock,
    LongSupplier random,
    Duration lease,
    int maxSessions,
    int maxSessionsPerClient,
    int maxRequests,
    Set<Long> fileSystemVersions) {
  public SessionOptions {
    Objects.requireNonNull(clock);
    Objects.requireNonNull(random);
    fileSystemVersions = Set.copyOf(fileSystemVersions);
    requireRange("lease seconds", lease.toSeconds(), Duration.ofDays(1).toSeconds());
    requireRange("sessions", maxSessions, 1 << 20);
    requireRange("sessions per client", maxSessionsPerClient, 1 << 20);
    requireRange("requests", maxRequests, 1 << 16);
  }

  /**
   * Limits of a lab: a lease of 15 minutes, 1024 sessions, 256 of these for one client, which is as
   * many datastores as a host mounts, 256 answers each, NFSv3.
   */
  public static SessionOptions of(InstantSource clock, LongSupplier random) {
    return new SessionOptions(clock, random, Duration.ofMinutes(15), 1024, 256, 256, Set.of(3L));
  }

  /** With other bounds of sessions. */
  public SessionOptions withSessions(int most, int mostPerClient) {
    return new SessionOptions(
        clock, random, lease, most, mostPerClient, maxRequests, fileSystemVersions);
  }

  private static void requireRange(String what, long value, long highest) {
    if (value < 1 || value > highest) {
      throw new IllegalArgumentException(what + " " + value + ", allowed 1 to " + highest);
    }
  }
}
