/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.time.Duration;
import org.facsim.array.Volume;

/**
 * How fast a job goes and where it stops: by its volume's profile and the fault that it has, if
 * any. Used by one step after the other.
 */
final class JobPace {
  /** So many pieces a second, if the rate is low. */
  private static final long PIECES_PER_SECOND = 8;

  private static final int ALL = 100;

  /** Where a job stands. */
  enum Stop {
    NONE,
    STALLED,
    FAILED
  }

  /** Bytes per second; 0 for no limit. */
  private final double rate;

  /** Null for none. */
  private final CloneFault fault;

  private boolean isResumed;

  /**
   * @param profileRate bytes per second, 0 for no limit
   * @param fault null for none
   */
  JobPace(long profileRate, CloneFault fault) {
    this.fault = fault;
    this.rate = fault == null ? profileRate : rateOf(profileRate, fault);
  }

  private static double rateOf(long profileRate, CloneFault fault) {
    double own = fault.bytesPerSecond() > 0 ? fault.bytesPerSecond() : profileRate;
    if (own == 0 && fault.slowdown() > 1) {
      own = CloneFault.UNLIMITED_BYTES_PER_SECOND;
    }
    return own / fault.slowdown();
  }

  /** How long a piece takes that moved so much. */
  Duration pause(long movedBytes) {
    return rate == 0 || movedBytes == 0
        ? Duration.ZERO
        : Duration.ofNanos((long) (movedBytes * 1e9 / rate));
  }

  /** The size of the next piece: a few a second, whole blocks. */
  long pieceBytes(long most) {
    if (rate == 0) {
      return most;
    }
    long wholeBlocks = (long) (rate / PIECES_PER_SECOND) / Volume.BLOCK_BYTES * Volume.BLOCK_BYTES;
    return Math.max(Volume.BLOCK_BYTES, Math.min(most, wholeBlocks));
  }

  /** Where the job stops next, beyond {@code doneBytes}; the total if nowhere before. */
  long nextStopBytes(long doneBytes, long totalBytes) {
    if (fault == null) {
      return totalBytes;
    }
    long next = totalBytes;
    if (!isResumed) {
      next = nearer(next, doneBytes, fault.stallAtPercent(), totalBytes);
    }
    return nearer(next, doneBytes, fault.failAtPercent(), totalBytes);
  }

  private static long nearer(long next, long doneBytes, int percent, long totalBytes) {
    long at = percent == CloneFault.NEVER ? totalBytes : blockAt(percent, totalBytes);
    return at > doneBytes ? Math.min(next, at) : next;
  }

  /** The first whole block at or above a percentage. */
  private static long blockAt(int percent, long totalBytes) {
    long exact = (long) Math.ceil((double) totalBytes * percent / ALL);
    long block = (exact + Volume.BLOCK_BYTES - 1) / Volume.BLOCK_BYTES * Volume.BLOCK_BYTES;
    return Math.min(block, totalBytes);
  }

  /** Whether the job stops here. */
  Stop stopAt(long doneBytes, long totalBytes) {
    if (fault == null) {
      return Stop.NONE;
    }
    if (isAt(doneBytes, fault.failAtPercent(), totalBytes)) {
      return Stop.FAILED;
    }
    return !isResumed && isAt(doneBytes, fault.stallAtPercent(), totalBytes)
        ? Stop.STALLED
        : Stop.NONE;
  }

  private static boolean isAt(long doneBytes, int percent, long totalBytes) {
    return percent != CloneFault.NEVER && doneBytes >= blockAt(percent, totalBytes);
  }

  /** What a job that stops as {@link Stop#FAILED} is told. */
  OffloadFailure failure() {
    return new OffloadFailure(
        fault.error(), "failed at " + fault.failAtPercent() + " %, as " + fault.label() + " asks");
  }

  /** Goes on after {@link Stop#STALLED}, once the fault lets it. */
  void whenResumed(Runnable step) {
    isResumed = true; // steps follow each other: the next one comes by way of the fault
    fault.whenResumed().accept(step);
  }
}
