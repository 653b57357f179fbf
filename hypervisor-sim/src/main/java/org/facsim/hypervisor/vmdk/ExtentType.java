/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What holds the data of a disk, with the word that names it in an extent line. */
public enum ExtentType {
  /** A file that is the disk, byte for byte, as ESXi names it. */
  VMFS("VMFS"),
  /** A redo log: sectors that differ from a parent. */
  VMFS_SPARSE("VMFSSPARSE"),
  /** A redo log: grains of 4 KiB that differ from a parent, with 64-bit places. */
  SE_SPARSE("SESPARSE"),
  /** A part of a file that is the disk, byte for byte, as Workstation and qemu-img name it. */
  FLAT("FLAT"),
  /** Grains under a directory and tables ("KDMV"), as Workstation and qemu-img make them. */
  SPARSE("SPARSE"),
  /** A stretch of zeros without a file. */
  ZERO("ZERO");

  private final String keyword;

  ExtentType(String keyword) {
    this.keyword = keyword;
  }

  String keyword() {
    return keyword;
  }

  /** Whether it is a redo log, which is read together with its parent. */
  public boolean isRedoLog() {
    return this == VMFS_SPARSE || this == SE_SPARSE;
  }

  static ExtentType ofKeyword(String keyword) {
    for (ExtentType type : values()) {
      if (type.keyword.equals(keyword)) {
        return type;
      }
    }
    throw new VmdkFormatException(
        "extent type %s is not supported; allowed: %s"
            .formatted(
                keyword,
                Arrays.stream(values())
                    .map(ExtentType::keyword)
                    .collect(Collectors.joining(", "))));
  }
}
