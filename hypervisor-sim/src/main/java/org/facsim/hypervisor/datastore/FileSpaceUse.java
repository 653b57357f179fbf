/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.datastore;

import java.util.Objects;
import java.util.Optional;

/**
 * The space of one file as a host reports it.
 *
 * @param sizeBytes the size that the guest sees
 * @param committedBytes bytes taken on the datastore, shared or not
 * @param unsharedBytes bytes that deleting the file would free; equal to {@code committedBytes} if
 *     the array has no extended statistics
 * @param fromArray whether the figures come from the array's extended statistics, not from GETATTR
 *     alone
 * @param flag what an administrator should know: the array's two answers disagree, or it gave none
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

  /** The bytes that the file may still take: provisioned and not yet committed. */
  public long uncommittedBytes() {
    return Math.max(0, sizeBytes - committedBytes);
  }
}
