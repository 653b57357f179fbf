/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.Objects;
import java.util.Optional;

/**
 * The space of one file as a host reports it.
 *
 * @param sizeBytes what the guest sees of a disk
 * @param committedBytes taken on the datastore, shared or not
 * @param unsharedBytes freed if the file were deleted; all that is committed, where the array has
 *     no extended statistics
 * @param fromArray whether the array's extended statistics say so, and not GETATTR alone
 * @param flag what an admin should know: the array's two answers disagree, or it gave none
 */
public record FileSpaceUse(
    long sizeBytes,
    long committedBytes,
    long unsharedBytes,
    boolean fromArray,
    Optional<String> flag) {
  public FileSpaceUse {
    Objects.requireNonNull(flag);
  }

  /** What the file may still take: what is provisioned and not committed. */
  public long uncommittedBytes() {
    return Math.max(0, sizeBytes - committedBytes);
  }
}
