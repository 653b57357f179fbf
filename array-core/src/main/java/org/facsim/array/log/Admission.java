/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether an array may be changed, and says in the log when groups cannot be made durable.
 *
 * <p>Changes stay in memory until they are cut. While the operating system's disk takes nothing,
 * nothing is cut, so this class bounds what stays in memory: beyond {@link #MAX_UNCUT_BYTES} it
 * refuses every mutation before the mutation changes anything, with the error of the disk, or with
 * BUSY if the disk is only slow. Nobody waits here, because mutations run on event loops that also
 * serve readers.
 *
 * <p>Thread-safe. {@link #admit} takes no lock.
 */
final class Admission {
  /**
   * How much may wait for a cut, as the volumes estimate it. The mutation that exceeds it still
   * passes.
   */
  static final long MAX_UNCUT_BYTES = 64L << 20;

  /** The background may use only this fraction: one in so many. */
  private static final int BACKGROUND_PART = 4;

  private static final Logger LOG = LoggerFactory.getLogger(Admission.class);

  private final LineLimit lines;
  private final AtomicLong uncutBytes = new AtomicLong();

  /** Why the last attempt failed; null if it succeeded. */
  private volatile ArrayException failure;

  /** Failed attempts in a row. Only whoever commits uses it. */
  private long failedAttempts;

  /** Why nothing may be changed before the first success; null for no such reason. */
  private volatile ArrayException beginning;

  /** Why nothing becomes durable any more; null while all is well. */
  private volatile ArrayException end;

  Admission(LongSupplier nanoTime) {
    lines = new LineLimit(nanoTime);
  }

  /**
   * Asks for admission, before a mutation changes anything.
   *
   * @throws ArrayException the disk's error, or BUSY
   */
  void admit() {
    requireNotEnded();
    ArrayException first = beginning;
    if (first != null) {
      throw new ArrayException(
          first.error(), "the start of the array is not stored yet: " + first.getMessage());
    }
    if (uncutBytes.get() > MAX_UNCUT_BYTES) {
      throw refusal();
    }
  }

  /**
   * Whether the background should wait, so that there is room for mutations that callers ask for.
   */
  boolean isBehind() {
    return uncutBytes.get() > MAX_UNCUT_BYTES / BACKGROUND_PART;
  }

  private ArrayException refusal() {
    ArrayException last = failure;
    String full = "%d bytes of changes wait for the host's disk".formatted(uncutBytes.get());
    return last == null
        ? new ArrayException(ArrayError.BUSY, full)
        : new ArrayException(last.error(), full + ": " + last.getMessage());
  }

  /** Notes how many more bytes of changes wait for a cut, or fewer if negative. */
  void addUncut(long bytes) {
    uncutBytes.addAndGet(bytes);
  }

  /** Refuses every mutation until a group succeeds. */
  void refuseUntilSuccess(ArrayException why) {
    beginning = why;
    LOG.warn(
        "the host's disk is full: files can be read, and every change is refused until it takes the"
            + " start of the array: {}",
        why.getMessage());
  }

  void succeeded(long group) {
    beginning = null;
    failure = null;
    if (failedAttempts > 0) {
      LOG.info("transaction group {} is durable after {} failed attempts", group, failedAttempts);
      failedAttempts = 0;
    }
  }

  void failed(long group, ArrayException why) {
    failure = why;
    failedAttempts++;
    if (why.error() == ArrayError.BUSY) { // the power is off, and whoever switched it off said so
      LOG.info("transaction group {} is not durable: {}", group, why.getMessage());
    } else if (lines.take() > 0 || failedAttempts == 1) {
      LOG.error(
          "transaction group {} failed (attempt {}) and is tried again: {}",
          group,
          failedAttempts,
          why.getMessage());
    }
  }

  /** Whether the last attempt failed. */
  boolean isFailing() {
    return failure != null;
  }

  /**
   * Notes a defect. What memory has cannot be trusted, so nothing of it becomes durable any more.
   */
  void end(Throwable defect) {
    if (end == null) {
      end = new ArrayException(ArrayError.IO, "nothing is made durable any more: " + defect);
      LOG.error(
          "the committer met a defect; the array refuses every change until it is opened again",
          defect);
    }
  }

  boolean isEnded() {
    return end != null;
  }

  /** The error that waiters are told; null while all is well. */
  ArrayException ending() {
    return end;
  }

  void requireNotEnded() {
    ArrayException why = end;
    if (why != null) {
      throw why;
    }
  }
}
