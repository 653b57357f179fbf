/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.calls;

import java.util.Objects;

/**
 * What a server that lies says of a file.
 *
 * @param sizeBytes unsigned on the wire
 * @param mtimeNanos since 1970; the wire has unsigned 32-bit seconds
 * @param fileId unsigned on the wire
 * @param linkCount unsigned, 32 bits on the wire
 */
public record FalseAttributes(
    Change sizeBytes, Change mtimeNanos, Change fileId, Change linkCount) {
  /** The truth. */
  public static final FalseAttributes NONE =
      new FalseAttributes(Change.NONE, Change.NONE, Change.NONE, Change.NONE);

  public FalseAttributes {
    Objects.requireNonNull(sizeBytes);
    Objects.requireNonNull(mtimeNanos);
    Objects.requireNonNull(fileId);
    Objects.requireNonNull(linkCount);
  }

  /** Whether all is the truth. */
  public boolean areTrue() {
    return this.equals(NONE);
  }

  public FalseAttributes withSizeBytes(Change change) {
    return new FalseAttributes(change, mtimeNanos, fileId, linkCount);
  }

  public FalseAttributes withMtimeNanos(Change change) {
    return new FalseAttributes(sizeBytes, change, fileId, linkCount);
  }

  public FalseAttributes withFileId(Change change) {
    return new FalseAttributes(sizeBytes, mtimeNanos, change, linkCount);
  }

  public FalseAttributes withLinkCount(Change change) {
    return new FalseAttributes(sizeBytes, mtimeNanos, fileId, change);
  }

  /**
   * How one attribute is changed.
   *
   * @param isOffset whether the amount is added to the truth, or replaces it
   * @param amount 0 or more unless it is an offset
   */
  public record Change(boolean isOffset, long amount) {
    /** The truth. */
    public static final Change NONE = new Change(true, 0);

    public Change {
      if (!isOffset && amount < 0) {
        throw new IllegalArgumentException("a value of " + amount + "; 0 or more");
      }
    }

    /** The truth and so much more, or less. */
    public static Change by(long offset) {
      return new Change(true, offset);
    }

    /** This value, whatever is true. */
    public static Change to(long value) {
      return new Change(false, value);
    }

    /** What is said; never less than 0, and at most what a {@code long} holds. */
    public long applyTo(long truth) {
      if (!isOffset) {
        return amount;
      }
      long sum = truth + amount;
      boolean isOverflow = ((truth ^ sum) & (amount ^ sum)) < 0;
      return isOverflow ? (amount > 0 ? Long.MAX_VALUE : 0) : Math.max(0, sum);
    }
  }
}
