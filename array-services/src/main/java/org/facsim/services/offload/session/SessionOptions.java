/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * What sessions need besides the offload and the exports.
 *
 * @param clock decides when sessions expire
 * @param random draws session ids
 * @param lease after how long without a call a session ends; 1 s to 1 day
 * @param maxSessions how many sessions there may be at a time, 1 or more
 * @param maxSessionsPerClient how many of these one client's address may have; 1 or more
 * @param maxRequests how many answers each session remembers for retransmissions, and how many
 *     finished jobs for status queries; 1 or more
 */
public record SessionOptions(
    InstantSource clock,
    LongSupplier random,
    Duration lease,
    int maxSessions,
    int maxSessionsPerClient,
    int maxRequests) {
  public SessionOptions {
    Objects.requireNonNull(clock);
    Objects.requireNonNull(random);
    requireRange("lease seconds", lease.toSeconds(), Duration.ofDays(1).toSeconds());
    requireRange("sessions", maxSessions, 1 << 20);
    requireRange("sessions per client", maxSessionsPerClient, 1 << 20);
    requireRange("requests", maxRequests, 1 << 16);
  }

  /**
   * The limits for a lab: a lease of 15 minutes; 1024 sessions, 256 of them for one client, which
   * is the number of datastores that a host can mount; 256 answers for each session.
   */
  public static SessionOptions of(InstantSource clock, LongSupplier random) {
    return new SessionOptions(clock, random, Duration.ofMinutes(15), 1024, 256, 256);
  }

  /** The same options with other bounds of sessions. */
  public SessionOptions withSessions(int most, int mostPerClient) {
    return new SessionOptions(clock, random, lease, most, mostPerClient, maxRequests);
  }

  private static void requireRange(String what, long value, long highest) {
    if (value < 1 || value > highest) {
      throw new IllegalArgumentException(what + " " + value + ", allowed 1 to " + highest);
    }
  }
}
