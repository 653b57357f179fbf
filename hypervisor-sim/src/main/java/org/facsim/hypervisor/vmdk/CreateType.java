/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vmdk;

import com.google.common.collect.ImmutableSet;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The kinds of disks that a descriptor's {@code createType} names. */
public enum CreateType {
  /** A base disk of an ESXi host. */
  VMFS("vmfs", ExtentType.VMFS),
  /** A redo log of an ESXi host with 32-bit places. */
  VMFS_SPARSE("vmfsSparse", ExtentType.VMFS_SPARSE),
  /** A redo log of an ESXi host with 64-bit places. */
  SE_SPARSE("seSparse", ExtentType.SE_SPARSE),
  /** One file with descriptor and grains. */
  MONOLITHIC_SPARSE("monolithicSparse", ExtentType.SPARSE),
  /** A descriptor and one file that is the disk. */
  MONOLITHIC_FLAT("monolithicFlat", ExtentType.FLAT, ExtentType.ZERO),
  /** A descriptor and files of grains, each for at most 2 GiB of the disk. */
  TWO_GB_MAX_EXTENT_SPARSE("twoGbMaxExtentSparse", ExtentType.SPARSE),
  /** A descriptor and files of at most 2 GiB that together are the disk. */
  TWO_GB_MAX_EXTENT_FLAT("twoGbMaxExtentFlat", ExtentType.FLAT, ExtentType.ZERO),
  /** One file of compressed grains, as appliances are shipped. */
  STREAM_OPTIMIZED("streamOptimized", ExtentType.SPARSE);

  private final String word;
  private final ImmutableSet<ExtentType> extents;

  CreateType(String word, ExtentType... extents) {
    this.word = word;
    this.extents = ImmutableSet.copyOf(extents);
  }

  /** The word in the descriptor. */
  public String word() {
    return word;
  }

  /** Whether a disk of this kind may have such an extent. */
  boolean admits(ExtentType extent) {
    return extents.contains(extent);
  }

  /** Whether an ESXi host runs a VM on it as it is. Others are imported first. */
  public boolean runsOnHost() {
    return this == VMFS || this == VMFS_SPARSE || this == SE_SPARSE;
  }

  static CreateType ofWord(String word) {
    for (CreateType type : values()) {
      if (type.word.equals(word)) {
        return type;
      }
    }
    throw new VmdkFormatException(
        "createType \"%s\" is not supported; allowed: %s"
            .formatted(
                VmdkFormatException.shown(word),
                Arrays.stream(values()).map(CreateType::word).collect(Collectors.joining(", "))));
  }

  /** The kind of an ESXi host's disk with that extent. */
  static CreateType ofHostExtent(ExtentType extent) {
    return switch (extent) {
      case VMFS -> VMFS;
      case VMFS_SPARSE -> VMFS_SPARSE;
      case SE_SPARSE -> SE_SPARSE;
      case FLAT, SPARSE, ZERO ->
          throw new IllegalArgumentException("hosts write no extent of type " + extent.keyword());
    };
  }
}
