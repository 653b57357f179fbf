/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.control;

import java.util.List;
import org.facsim.array.ArraySpace;
import org.facsim.array.NamedState;
import org.facsim.array.VolumeSpace;

/**
 * Where the space went: of the whole array, by volume, and what named states hold.
 *
 * @param array the ledger of the array
 * @param total the sum of all volumes
 * @param volumes in the order in which they were made
 * @param states the named states, with what only they keep
 */
public record CapacityReport(
    ArraySpace array, Use total, List<OfVolume> volumes, List<NamedState> states) {
  public CapacityReport {
    volumes = List.copyOf(volumes);
    states = List.copyOf(states);
  }

  /**
   * What the files of a volume, or of all volumes, take, in bytes.
   *
   * @param provisionedBytes the sizes of all files
   * @param referencedBytes what they map, shared or not
   * @param physicalUsedBytes the blocks that this takes
   * @param savedBytes what sharing saves
   * @param exclusiveBytes what deleting the files one by one would free at least
   * @param sharedBytes blocks in use that more than one holds, each counted once
   * @param retainedByClonesBytes charged to deleted files, because clones or states hold it
   * @param retainedByStatesBytes held by named states only
   * @param reservedBytes promised to files and not used yet
   * @param reclaimPendingBytes what waits for reclaim
   * @param inodes files, directories and others
   */
  public record Use(
      long provisionedBytes,
      long referencedBytes,
      long physicalUsedBytes,
      long savedBytes,
      long exclusiveBytes,
      long sharedBytes,
      long retainedByClonesBytes,
      long retainedByStatesBytes,
      long reservedBytes,
      long reclaimPendingBytes,
      long inodes) {
    static final Use NONE = new Use(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    static Use of(VolumeSpace space, long exclusiveBytes) {
      long exclusive = Math.min(exclusiveBytes, space.physicalUsedBytes());
      long alone = exclusive + space.retainedByStatesBytes() + space.reclaimPendingBytes();
      return new Use(
          space.provisionedBytes(),
          space.referencedBytes(),
          space.physicalUsedBytes(),
          space.savedBytes(),
          exclusive,
          Math.max(0, space.physicalUsedBytes() - alone),
          space.retainedByClonesBytes(),
          space.retainedByStatesBytes(),
          space.reservedBytes(),
          space.reclaimPendingBytes(),
          space.inodes());
    }

    Use plus(Use other) {
      return new Use(
          provisionedBytes + other.provisionedBytes,
          referencedBytes + other.referencedBytes,
          physicalUsedBytes + other.physicalUsedBytes,
          savedBytes + other.savedBytes,
          exclusiveBytes + other.exclusiveBytes,
          sharedBytes + other.sharedBytes,
          retainedByClonesBytes + other.retainedByClonesBytes,
          retainedByStatesBytes + other.retainedByStatesBytes,
          reservedBytes + other.reservedBytes,
          reclaimPendingBytes + other.reclaimPendingBytes,
          inodes + other.inodes);
    }
  }

  /**
   * One volume.
   *
   * @param sizeBytes its configured size
   * @param freeBytes what can still be allocated, within the array's limits, too
   * @param availableBytes what can be written now
   * @param vms how many VMs are in it
   * @param snapshots how many snapshots it has, automatic ones included
   */
  public record OfVolume(
      String name,
      long sizeBytes,
      long freeBytes,
      long availableBytes,
      int vms,
      int snapshots,
      Use use) {}
}
