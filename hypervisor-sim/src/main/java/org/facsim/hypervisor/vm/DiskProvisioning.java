/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.Objects;
import java.util.Optional;

/**
 * The format that was requested for a disk, and the one that it has.
 *
 * @param asked the format that the maker of the disk requested
 * @param got the format that the disk has: THIN if the array did not reserve the space, whatever it
 *     answered
 * @param flag what an administrator should know, if the two differ
 */
public record DiskProvisioning(DiskFormat asked, DiskFormat got, Optional<String> flag) {
  public DiskProvisioning {
    Objects.requireNonNull(asked);
    Objects.requireNonNull(got);
    Objects.requireNonNull(flag);
  }

  static DiskProvisioning asAsked(DiskFormat format) {
    return new DiskProvisioning(format, format, Optional.empty());
  }

  static DiskProvisioning staysThin(DiskFormat asked, String why) {
    return new DiskProvisioning(asked, DiskFormat.THIN, Optional.of("the disk stays thin: " + why));
  }
}
