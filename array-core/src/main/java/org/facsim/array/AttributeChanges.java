/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.Objects;

/**
 * What a SETATTR or a CREATE asks for. A null component leaves its attribute as it is.
 *
 * @param mode 0 to 07777
 * @param uid 0 to 2^32-1
 * @param gid 0 to 2^32-1
 * @param sizeBytes 0 to {@link Volume#MAX_FILE_BYTES}
 * @param accessTime never null
 * @param modifyTime never null
 */
public record AttributeChanges(
    Integer mode,
    Long uid,
    Long gid,
    Long sizeBytes,
    TimeChange accessTime,
    TimeChange modifyTime) {
  /** Changes nothing. */
  public static final AttributeChanges NONE =
      new AttributeChanges(null, null, null, null, TimeChange.KEEP, TimeChange.KEEP);

  public AttributeChanges {
    Objects.requireNonNull(accessTime);
    Objects.requireNonNull(modifyTime);
  }

  /** Sets the mode only. */
  public static AttributeChanges ofMode(int mode) {
    return new AttributeChanges(mode, null, null, null, TimeChange.KEEP, TimeChange.KEEP);
  }

  /** Sets the size only. */
  public static AttributeChanges ofSize(long sizeBytes) {
    return new AttributeChanges(null, null, null, sizeBytes, TimeChange.KEEP, TimeChange.KEEP);
  }

  /** How a timestamp changes. */
  public sealed interface TimeChange {
    TimeChange KEEP = new Keep();
    TimeChange TO_ARRAY_TIME = new ToArrayTime();

    /** Leave the timestamp as it is. */
    record Keep() implements TimeChange {}

    /** Set it to the array's clock. */
    record ToArrayTime() implements TimeChange {}

    /** Set it to the caller's value, in nanoseconds since 1970. */
    record To(long epochNanos) implements TimeChange {}
  }
}
