/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

/** What holds the data of a disk, with the words that name it in a descriptor. */
public enum ExtentType {
  /** A file that is the disk, byte for byte. */
  VMFS("vmfs", "VMFS"),
  /** A redo log: grains that differ from a parent. */
  VMFS_SPARSE("vmfsSparse", "VMFSSPARSE");

  private final String createType;
  private final String keyword;

  ExtentType(String createType, String keyword) {
    this.createType = createType;
    this.keyword = keyword;
  }

  String createType() {
    return createType;
  }

  String keyword() {
    return keyword;
  }

  static ExtentType ofKeyword(String keyword) {
    for (ExtentType type : values()) {
      if (type.keyword.equals(keyword)) {
        return type;
      }
    }
    throw new VmdkFormatException("extent type " + keyword + " is not supported");
  }
}
