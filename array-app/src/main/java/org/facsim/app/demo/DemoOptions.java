/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.demo;

import java.util.Objects;
import org.facsim.array.Volume;
import org.facsim.hypervisor.clone.CloneOffloadPolicy;
import org.facsim.hypervisor.vm.DiskSpec;
import org.facsim.services.units.ByteSize;

/**
 * The parameters of a run of the demo.
 *
 * @param diskSizeBytes what each guest writes, {@link #MIN_DISK_SIZE_BYTES} to {@link
 *     #MAX_DISK_SIZE_BYTES}, whole blocks
 * @param policy how the hosts decide who copies; a test supplies a wrong one on purpose
 * @param seed of the guests' data and of the sample that is compared
 */
public record DemoOptions(long diskSizeBytes, CloneOffloadPolicy policy, long seed) {
  /** The article's disk. */
  public static final long DEFAULT_DISK_SIZE_BYTES = 33 * ByteSize.GIB / 2;

  public static final long MIN_DISK_SIZE_BYTES = ByteSize.MIB;

  /** Above this size, the provisioned size would exceed what a redo log can address. */
  public static final long MAX_DISK_SIZE_BYTES = 844 * ByteSize.GIB;

  /** Up to this size, a comparison reads every block. */
  public static final long COMPARE_ALL_UP_TO_BYTES = ByteSize.GIB;

  /** Above {@link #COMPARE_ALL_UP_TO_BYTES}, a comparison reads a random sample of this size. */
  public static final long SAMPLE_BYTES = 512 * ByteSize.MIB;

  /** The default, so that every run is the same unless another seed is given. */
  public static final long DEFAULT_SEED = 20_080_227;

  public DemoOptions {
    Objects.requireNonNull(policy);
    if (diskSizeBytes < MIN_DISK_SIZE_BYTES
        || diskSizeBytes > MAX_DISK_SIZE_BYTES
        || diskSizeBytes % Volume.BLOCK_BYTES != 0) {
      throw new IllegalArgumentException(
          "disk size " + diskSizeBytes + "; allowed: 1MiB to 844GiB in whole blocks of 4KiB");
    }
  }

  /** Options with ESXi's policy and the default seed. The size is rounded up to whole blocks. */
  public static DemoOptions ofDiskSize(long diskSizeBytes) {
    return new DemoOptions(
        roundUp(diskSizeBytes, Volume.BLOCK_BYTES), CloneOffloadPolicy.esxi(), DEFAULT_SEED);
  }

  public DemoOptions withPolicy(CloneOffloadPolicy other) {
    return new DemoOptions(diskSizeBytes, other, seed);
  }

  /** The disk that the guest sees: thin, in the article's proportion of 40 to 16.5. */
  DiskSpec disk() {
    return new DiskSpec(roundUp(diskSizeBytes * 80 / 33, ByteSize.MIB), diskSizeBytes);
  }

  /** Whether each clone is compared block by block. */
  boolean comparesAll() {
    return diskSizeBytes <= COMPARE_ALL_UP_TO_BYTES;
  }

  private static long roundUp(long value, long unit) {
    return (value + unit - 1) / unit * unit;
  }
}
