/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import java.util.List;
import org.facsim.hypervisor.guest.GuestConfiguration;
import org.facsim.hypervisor.guest.GuestSpec;

/**
 * A virtual machine to be made.
 *
 * @param name also its directory and the stem of its files: letters, digits, '.', '_', '-'
 * @param guest what runs in it
 * @param configuration how the guest is set up
 * @param disks 1 to 15
 * @param seed determines the contents that the guest writes
 */
public record VmSpec(
    String name,
    GuestSpec guest,
    GuestConfiguration configuration,
    List<DiskSpec> disks,
    long seed) {
  public static final int MAX_DISKS = 15;

  public VmSpec {
    disks = List.copyOf(disks);
    checkName(name);
    if (disks.isEmpty() || disks.size() > MAX_DISKS) {
      throw new IllegalArgumentException(disks.size() + " disks");
    }
  }

  /**
   * Checks a name for a VM.
   *
   * @throws IllegalArgumentException if it cannot name a directory and files
   */
  public static void checkName(String name) {
    if (!name.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0,79}")) {
      throw new IllegalArgumentException("not a name for a virtual machine: " + name);
    }
  }
}
