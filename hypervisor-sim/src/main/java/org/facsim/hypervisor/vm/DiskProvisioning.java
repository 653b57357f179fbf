/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.Objects;
import java.util.Optional;

/**
 * How a disk was to be provided for, and how it is.
 *
 * @param asked by whoever made the disk
 * @param got THIN if the array did not reserve, whatever it said
 * @param flag what an admin should know, if that is not what was asked
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
