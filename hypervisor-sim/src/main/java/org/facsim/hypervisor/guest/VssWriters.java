/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.guest;

import java.util.ArrayList;
import java.util.List;

/**
 * What VSS and its writers write to a disk while they quiesce the guest: short ranges in a few
 * places that the guest has written before. The writes go to the second redo log. The quiesced
 * state therefore differs from the base, and a verifier detects a clone of the base alone.
 */
public final class VssWriters {
  static final long MAX_BYTES = 1 << 20;

  private static final int PLACES = 4;
  private static final int USED_PER_WRITTEN = 64;
  private static final int BLOCK_BYTES = DiskContents.BLOCK_BYTES;

  private VssWriters() {}

  /**
   * The ranges that are written: inside what the guest has written, or at the start of an empty
   * disk.
   */
  public static List<WriteRun> writes(DiskContents contents, int generation) {
    List<WriteRun> used = contents.runs();
    if (used.isEmpty()) {
      return List.of(new WriteRun(0, Math.min(BLOCK_BYTES, contents.capacityBytes()), generation));
    }
    long budget =
        Math.max(BLOCK_BYTES, Math.min(MAX_BYTES, contents.writtenBytes() / USED_PER_WRITTEN));
    int places = (int) Math.min(PLACES, Math.min(used.size(), budget / BLOCK_BYTES));
    long perPlace = budget / places / BLOCK_BYTES * BLOCK_BYTES;
    List<WriteRun> writes = new ArrayList<>();
    for (int i = 0; i < places; i++) {
      WriteRun run = used.get(i * used.size() / places);
      long middle = run.offsetBytes() + run.lengthBytes() / 2 / BLOCK_BYTES * BLOCK_BYTES;
      writes.add(new WriteRun(middle, Math.min(perPlace, run.endBytes() - middle), generation));
    }
    return writes;
  }
}
