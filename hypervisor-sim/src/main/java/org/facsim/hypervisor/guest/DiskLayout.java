/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.ArrayList;
import java.util.List;

/** Where a guest puts its data: a few extents spread over the disk, as file systems do. */
public final class DiskLayout {
  static final int MAX_EXTENTS = 8;
  static final long ALIGNMENT_BYTES = 1 << 20;

  private DiskLayout() {}

  /**
   * The ranges that the used part of a disk fills, in order. They start and end at multiples of 1
   * MiB; only the last may end elsewhere. If the disk is too full for gaps, it is filled from its
   * start.
   *
   * @param provisionedBytes what the guest sees of the disk
   * @param usedBytes how much of that the guest writes; a multiple of 512
   * @param generation of the writes, see {@link WriteRun}
   */
  public static List<WriteRun> spread(long provisionedBytes, long usedBytes, int generation) {
    List<WriteRun> runs = new ArrayList<>();
    if (usedBytes == 0) {
      return runs;
    }
    int extents = (int) Math.max(1, Math.min(MAX_EXTENTS, usedBytes / ALIGNMENT_BYTES));
    long slotBytes = provisionedBytes / extents / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
    long extentBytes = roundUp((usedBytes + extents - 1) / extents);
    if (extentBytes > slotBytes) {
      return List.of(new WriteRun(0, usedBytes, generation));
    }
    long left = usedBytes;
    for (int i = 0; i < extents && left > 0; i++) {
      long length = Math.min(left, extentBytes);
      runs.add(new WriteRun(i * slotBytes, length, generation));
      left -= length;
    }
    return runs;
  }

  private static long roundUp(long bytes) {
    return (bytes + ALIGNMENT_BYTES - 1) / ALIGNMENT_BYTES * ALIGNMENT_BYTES;
  }
}
