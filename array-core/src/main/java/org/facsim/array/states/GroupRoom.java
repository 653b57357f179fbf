/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.history.Delta;
import org.facsim.array.history.InodeDifference;
import org.facsim.array.history.StateTree;
import org.facsim.array.inode.Attachments;
import org.facsim.array.volume.OpenVolume;

/**
 * Checks whether the changes of a restore, or of the deletion of a state, fit into one transaction
 * group. A group is collected on the heap before it is written, and no part of it may be durable
 * without the rest. For all other changes, the bound is what may wait for a cut. A restore changes
 * as much as differs, so a large one asks for room in the metadata budget, like everything that
 * clients make. If there is no room, it is refused before it changes anything. Ephemeral arrays
 * have no groups.
 */
final class GroupRoom {
  /** Every group may have this size, because this much may wait for a cut. */
  static final long FREE_BYTES = 64L << 20;

  /** A start must be able to read a log with the group in it. */
  private static final long MAX_BYTES = 1L << 30;

  /** When a group grows while it is collected, it is copied. */
  private static final int COPIES = 2;

  /** About what an exchanged inode takes in a group: its row, and the row of its difference. */
  private static final int INODE_BYTES = 384;

  /** About what a name in a directory takes in a group. */
  private static final int ENTRY_BYTES = 128;

  private GroupRoom() {}

  /**
   * Checks before a restore changes anything. All volumes' locks are held.
   *
   * @param path as {@link VolumeDeltas#walk}
   * @throws org.facsim.array.ArrayException NO_SPACE
   */
  static void requireForRestore(List<OpenVolume> volumes, List<Long> path) {
    long bytes = 0;
    for (OpenVolume volume : volumes) {
      for (long edge : path) {
        bytes += bytesOf(volume, edge);
      }
    }
    require(volumes, bytes, "restoring this state");
  }

  /**
   * Checks before two deltas become one. All volumes' locks are held.
   *
   * @throws ArrayException NO_SPACE
   */
  static void requireForMerge(List<OpenVolume> volumes, StateTree.Step.Merge step) {
    long bytes = 0;
    for (OpenVolume volume : volumes) {
      // the smaller one is moved into the larger
      bytes += Math.min(bytesOf(volume, step.near()), bytesOf(volume, step.far()));
    }
    require(volumes, bytes, "deleting this state");
  }

  private static long bytesOf(OpenVolume volume, long edge) {
    Delta delta = volume.context().isStored() ? volume.context().deltas.at(edge) : null;
    long bytes = 0;
    if (delta != null) {
      for (InodeDifference difference : delta.differences()) {
        bytes += INODE_BYTES + (long) difference.entries().size() * ENTRY_BYTES;
        bytes += COPIES * attachedBytes(difference);
      }
    }
    return bytes;
  }

  private static long attachedBytes(InodeDifference difference) {
    Attachments kept = difference.attachments();
    return difference.inode.attachments().sizeBytes() + (kept == null ? 0 : kept.sizeBytes());
  }

  private static void require(List<OpenVolume> volumes, long bytes, String what) {
    if (bytes <= FREE_BYTES) {
      return;
    }
    String sum = what + " changes about " + (bytes >> 20) + " MiB of metadata in one step";
    if (bytes > MAX_BYTES) {
      throw new ArrayException(ArrayError.NO_SPACE, sum + "; at most " + (MAX_BYTES >> 20));
    }
    if (volumes.get(0).context().metadata.freeBytes() < COPIES * bytes) {
      throw new ArrayException(
          ArrayError.NO_SPACE, sum + ", for which the heap has no room; raise -Xmx");
    }
  }
}
