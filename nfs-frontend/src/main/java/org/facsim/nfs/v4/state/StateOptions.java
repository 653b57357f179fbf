/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v4.state;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How an array treats its NFSv4 clients.
 *
 * @param lease how long a client may be silent before others may have what it holds
 * @param nanoClock as {@link System#nanoTime}
 * @param instance tells this run of the array from earlier ones, and is in every client id; not 0
 * @param serverOwner names the array to clients, the same on all its addresses and in all its runs,
 *     and different from all other arrays: by it, clients know that several addresses are one
 *     server (trunking, RFC 8881 section 2.10.5)
 * @param limits what clients may have
 * @param records the file that lists which clients may reclaim after a restart; null for an array
 *     in memory
 */
public record StateOptions(
    Duration lease,
    LongSupplier nanoClock,
    int instance,
    String serverOwner,
    StateLimits limits,
    Path records) {
  /** The lease that most servers have. */
  public static final Duration DEFAULT_LEASE = Duration.ofSeconds(90);

  public StateOptions {
    if (lease.toSeconds() < 1 || instance == 0) {
      throw new IllegalArgumentException("lease " + lease + ", instance " + instance);
    }
  }
}
