/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import org.facsim.hypervisor.guest.EsxiVersion;
import org.facsim.hypervisor.vmdk.ExtentType;

/** The two formats in which a host writes redo logs. */
public enum RedoLogFormat {
  /**
   * vmfsSparse: {@code -delta.vmdk}, grains of 512 bytes, 32-bit places. Knows no zero grains, so
   * that what a guest trims is not recorded.
   */
  VMFS_SPARSE(ExtentType.VMFS_SPARSE, "-delta.vmdk"),
  /**
   * SEsparse: {@code -sesparse.vmdk}, grains of 4 KiB, 64-bit places, unmapped grains. The default
   * on NFS from ESXi 9.0 on, and on all releases for disks that vmfsSparse cannot describe.
   */
  SE_SPARSE(ExtentType.SE_SPARSE, "-sesparse.vmdk");

  /** The first release whose default on NFS is SEsparse. */
  private static final EsxiVersion V9_0 = new EsxiVersion(9, 0);

  private final ExtentType extentType;
  private final String suffix;

  RedoLogFormat(ExtentType extentType, String suffix) {
    this.extentType = extentType;
    this.suffix = suffix;
  }

  /**
   * The format in which a host of that release writes a redo log on NFS.
   *
   * @param capacityBytes of the disk
   */
  public static RedoLogFormat defaultOf(EsxiVersion version, long capacityBytes) {
    return version.isAtLeast(V9_0) || capacityBytes > DiskSpec.MAX_VMFS_SPARSE_BYTES
        ? SE_SPARSE
        : VMFS_SPARSE;
  }

  /** Whether a redo log of this format can record what the guest trims. */
  public boolean recordsTrim() {
    return this == SE_SPARSE;
  }

  ExtentType extentType() {
    return extentType;
  }

  /** The end of the data file's name. */
  String suffix() {
    return suffix;
  }

  static RedoLogFormat of(ExtentType type) {
    return switch (type) {
      case VMFS_SPARSE -> VMFS_SPARSE;
      case SE_SPARSE -> SE_SPARSE;
      case VMFS, FLAT, SPARSE, ZERO ->
          throw new IllegalArgumentException("not the type of a redo log: " + type);
    };
  }
}
