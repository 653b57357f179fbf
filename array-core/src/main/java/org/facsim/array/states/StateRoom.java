/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.states;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.history.Delta;
import org.facsim.array.history.InodeDifference;
import org.facsim.array.history.InodeDifference.Kind;
import org.facsim.array.history.VolumeDeltas;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.volume.OpenVolume;
import org.facsim.array.volume.VolumeContext;

/**
 * Checks whether there is room for the reservations that a restore brings back. A state keeps
 * blocks, but not reservations. If a file had larger reservations when the state was saved than it
 * has now, the restore needs room for the difference. A restore needs no other room, because it
 * maps only blocks that are there.
 */
final class StateRoom {
  private StateRoom() {}

  /**
   * Checks before anything is changed. All volumes' locks are held.
   *
   * @param path as {@link VolumeDeltas#walk}
   * @throws ArrayException NO_SPACE
   */
  static void require(List<OpenVolume> volumes, List<Long> path) {
    long wanted = 0;
    for (OpenVolume volume : volumes) {
      VolumeContext context = volume.context();
      requireRoomForNames(context, path);
      long more = promisedMore(context.deltas, path);
      if (more <= 0) {
        continue;
      }
      // what changed since the last save goes, which makes room
      long freed = context.blocks.figures().exclusiveBlocks(droppedMaps(context.deltas, path));
      if (!context.blocks.figures().hasRoomAfter(freed, more)) {
        throw new ArrayException(
            ArrayError.NO_SPACE,
            "restoring volume '%s' promises %d more blocks, which do not fit"
                .formatted(volume.name(), more));
      }
      wanted += more - freed;
      if (wanted > 0 && !context.blocks.figures().arrayHasRoomFor(wanted)) {
        throw new ArrayException(
            ArrayError.NO_SPACE, "restoring promises more blocks than the array has left");
      }
    }
  }

  /** Names need room because some come back before others go. */
  private static void requireRoomForNames(VolumeContext context, List<Long> path) {
    long names = 0;
    long bytes = 0;
    for (long edge : path) {
      Delta delta = context.deltas.at(edge);
      if (delta == null) {
        continue;
      }
      for (InodeDifference difference : delta.differences()) {
        for (NamedInode entry : difference.entries().values()) {
          names += entry == null ? 0 : 1;
          bytes += entry == null ? 0 : entry.name().lengthBytes();
        }
      }
    }
    if (names > 0) {
      context.directories.names().requireRoomFor(names, bytes);
    }
  }

  private static long promisedMore(VolumeDeltas states, List<Long> path) {
    Map<VolumeInode, Long> promised = new HashMap<>();
    for (long edge : path) {
      Delta delta = states.at(edge);
      if (delta == null) {
        continue;
      }
      for (InodeDifference difference : delta.differences()) {
        VolumeInode inode = difference.inode;
        if (!inode.isRegular()) {
          continue;
        }
        if (difference.kind() == Kind.ABSENT) {
          promised.put(inode, 0L);
        } else if (difference.kept() != null) {
          promised.put(inode, difference.kept().reservedBlocks());
        } else if (difference.kind() == Kind.ALONE) {
          promised.put(inode, inode.map().reservedBlocks());
        }
      }
    }
    long more = 0;
    for (Map.Entry<VolumeInode, Long> each : promised.entrySet()) {
      FileMap map = each.getKey().map();
      more += each.getValue() - (each.getKey().isAway() ? 0 : map.reservedBlocks());
    }
    return more;
  }

  /** Returns the maps that a restore drops because no state has them. */
  private static List<FileMap> droppedMaps(VolumeDeltas states, List<Long> path) {
    Set<VolumeInode> files = new LinkedHashSet<>();
    for (long edge : path) {
      Delta delta = states.at(edge);
      if (delta != null) {
        delta.differences().forEach(difference -> files.add(difference.inode));
      }
    }
    return files.stream().filter(states::isInNoState).map(VolumeInode::map).toList();
  }
}
