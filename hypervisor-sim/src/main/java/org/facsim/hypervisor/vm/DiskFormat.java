/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

/** How the space of a virtual disk is provided for, in VMware's words. */
public enum DiskFormat {
  /** Space is taken when the guest writes. NFS alone offers nothing else. */
  THIN,
  /**
   * Space is reserved when the disk is made, and zeroed at the first write. Needs the array's
   * Reserve Space.
   */
  THICK_LAZY_ZEROED,
  /** Space is taken and zeroed before the disk is used. Needs the array's Reserve Space. */
  THICK_EAGER_ZEROED
}
