/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How a guest steadily uses its disks.
 *
 * @param name such as {@code database}
 * @param interval from one turn to the next; at least {@link #MIN_INTERVAL}
 * @param writesPerTurn how many writes are made at once, 1 to {@link #MAX_WRITES_PER_TURN}
 * @param writeBytes of each, a multiple of 4096, at most 1 MiB
 * @param workingSetBytes of each disk that is written again and again, a multiple of {@code
 *     writeBytes}, at most {@link #MAX_WORKING_SET_BYTES}; less on a small disk
 * @param pattern where in the working set a write goes
 */
public record WorkloadProfile(
    String name,
    Duration interval,
    int writesPerTurn,
    int writeBytes,
    long workingSetBytes,
    Pattern pattern) {
  public static final Duration MIN_INTERVAL = Duration.ofMillis(100);
  public static final int MAX_WRITES_PER_TURN = 256;
  public static final int MAX_WRITE_BYTES = 1 << 20;
  public static final long MAX_WORKING_SET_BYTES = 1L << 30;

  /** No guest writes more on average. */
  public static final long MAX_BYTES_PER_SECOND = 64L << 20;

  /** Nobody works with the guest: it writes 8 KiB every 30 s, in 1 MiB. */
  public static final WorkloadProfile IDLE =
      new WorkloadProfile("idle", Duration.ofSeconds(30), 2, 4096, 1 << 20, Pattern.RANDOM);

  /** Sixteen pages of 8 KiB each second, anywhere in 32 MiB. */
  public static final WorkloadProfile DATABASE =
      new WorkloadProfile("database", Duration.ofSeconds(1), 16, 8192, 32L << 20, Pattern.RANDOM);

  /**
   * A record of 64 KiB each second, one behind the other in 64 MiB. The guest deletes an old part
   * of the log before it writes there again, and says so to the disk (TRIM).
   */
  public static final WorkloadProfile LOG_WRITER =
      new WorkloadProfile(
          "log-writer", Duration.ofSeconds(1), 1, 65536, 64L << 20, Pattern.RING_WITH_TRIM);

  /** The profiles that are shipped. */
  public static final List<WorkloadProfile> SHIPPED = List.of(IDLE, DATABASE, LOG_WRITER);

  /** Where in the working set a write goes. */
  public enum Pattern {
    RANDOM,
    /** One behind the other, and from the start again. */
    RING,
    /** As {@link #RING}; each quarter is trimmed before it is written again. */
    RING_WITH_TRIM
  }

  /**
   * Checks the bounds.
   *
   * @throws IllegalArgumentException that says what is allowed
   */
  public WorkloadProfile {
    Objects.requireNonNull(name);
    Objects.requireNonNull(pattern);
    if (interval.compareTo(MIN_INTERVAL) < 0 || interval.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException("interval " + interval + "; allowed: 100 ms to 1 day");
    }
    if (writesPerTurn < 1 || writesPerTurn > MAX_WRITES_PER_TURN) {
      throw new IllegalArgumentException(
          "writes per turn: %d; allowed: 1 to %d".formatted(writesPerTurn, MAX_WRITES_PER_TURN));
    }
    if (writeBytes < DiskContents.BLOCK_BYTES
        || writeBytes > MAX_WRITE_BYTES
        || writeBytes % DiskContents.BLOCK_BYTES != 0) {
      throw new IllegalArgumentException(
          "write of %d bytes; allowed: multiples of %d up to %d"
              .formatted(writeBytes, DiskContents.BLOCK_BYTES, MAX_WRITE_BYTES));
    }
    if (workingSetBytes < writeBytes
        || workingSetBytes > MAX_WORKING_SET_BYTES
        || workingSetBytes % writeBytes != 0) {
      throw new IllegalArgumentException(
          "working set of %d bytes; allowed: multiples of %d up to %d"
              .formatted(workingSetBytes, writeBytes, MAX_WORKING_SET_BYTES));
    }
    if ((double) writesPerTurn * writeBytes * 1000 / interval.toMillis() > MAX_BYTES_PER_SECOND) {
      throw new IllegalArgumentException(
          "%d writes of %d bytes every %d ms; allowed: %d bytes per second"
              .formatted(writesPerTurn, writeBytes, interval.toMillis(), MAX_BYTES_PER_SECOND));
    }
  }

  /**
   * A shipped profile by its name.
   *
   * @throws IllegalArgumentException that names what is allowed
   */
  public static WorkloadProfile named(String name) {
    return SHIPPED.stream()
        .filter(profile -> profile.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no workload '%s'; allowed: %s"
                        .formatted(
                            name,
                            SHIPPED.stream()
                                .map(WorkloadProfile::name)
                                .collect(Collectors.joining(", ")))));
  }
}
