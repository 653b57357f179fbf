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
 * Whether what a restore or the deletion of a state changes fits into one transaction group. A
 * group is gathered on the heap before it is written, and no part of it may be durable without the
 * rest. Whatever else changes the array is bounded by what may wait for a cut; a restore changes as
 * much as differs. So one that is larger asks the budget of the heap, like everything that clients
 * make, and is refused before it changes anything. Arrays in memory have no groups.
 */
final class GroupRoom {
  /** So much is there for every group: what may wait for a cut. */
  static final long FREE_BYTES = 64L << 20;

  /** A start must be able to read a log with the group in it. */
  private static final long MAX_BYTES = 1L << 30;

  /** While a group is gathered, what there is of it is copied when it grows. */
  private static final int COPIES = 2;

  /** About what an exchanged inode takes in a group: its row, and that of its difference. */
  private static final int INODE_BYTES = 384;

  /** The same of a name in a directory. */
  private static final int ENTRY_BYTES = 128;

  private GroupRoom() {}

  /**
   * Before a restore changes anything; all volumes' locks are held.
   *
   * @param path as {@link VolumeDeltas#walk}
   * @throws ArrayException NO_SPACE
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
   * Before two deltas become one; all volumes' locks are held.
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
