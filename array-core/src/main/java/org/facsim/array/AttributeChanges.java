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
 * @param acl the access control list, from which the lowest nine bits of the mode follow, whatever
 *     the mode here is (RFC 8881, section 6.4.1.3)
 * @param umask bits that a CREATE takes from the mode unless the new inode inherits an access
 *     control list (RFC 8275); 0 to 0777; a SETATTR has none
 */
public record AttributeChanges(
    Integer mode,
    Long uid,
    Long gid,
    Long sizeBytes,
    TimeChange accessTime,
    TimeChange modifyTime,
    Acl acl,
    Integer umask) {
  /** Changes nothing. */
  public static final AttributeChanges NONE =
      new AttributeChanges(null, null, null, null, TimeChange.KEEP, TimeChange.KEEP);

  /** Leaves the access control list to the mode. */
  public AttributeChanges(
      Integer mode,
      Long uid,
      Long gid,
      Long sizeBytes,
      TimeChange accessTime,
      TimeChange modifyTime) {
    this(mode, uid, gid, sizeBytes, accessTime, modifyTime, null, null);
  }

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

  /** Sets the access control list only. */
  public static AttributeChanges ofAcl(Acl acl) {
    return new AttributeChanges(
        null, null, null, null, TimeChange.KEEP, TimeChange.KEEP, acl, null);
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
