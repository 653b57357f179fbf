/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.facsim.array.InodeImage.Kind;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.block.ledger.FileMap;

/**
 * Whether there is room for what a restore promises again. A state keeps blocks, not promises of
 * space: a file that was promised more when the state was saved than it is now needs room for the
 * difference. Everything else a restore needs no room for: it maps nothing that is not there.
 */
final class StateRoom {
  private StateRoom() {}

  /**
   * Before anything is changed; all volumes' locks are held.
   *
   * @param path as {@link VolumeStates#walk}
   * @throws ArrayException NO_SPACE
   */
  static void require(List<Volume> volumes, List<Long> path) {
    long wanted = 0;
    for (Volume volume : volumes) {
      VolumeState state = volume.state();
      requireRoomForNames(state, path);
      long more = promisedMore(state.states, path);
      if (more <= 0) {
        continue;
      }
      // what changed since the last save goes, and makes room
      long freed = state.blocks.figures().exclusiveBlocks(droppedMaps(state.states, path));
      if (!state.blocks.figures().hasRoomAfter(freed, more)) {
        throw new ArrayException(
            ArrayError.NO_SPACE,
            "restoring volume '%s' promises %d more blocks, which do not fit"
                .formatted(volume.name(), more));
      }
      wanted += more - freed;
      if (wanted > 0 && !state.blocks.figures().arrayHasRoomFor(wanted)) {
        throw new ArrayException(
            ArrayError.NO_SPACE, "restoring promises more blocks than the array has left");
      }
    }
  }

  /** Names come back before others go. */
  private static void requireRoomForNames(VolumeState state, List<Long> path) {
    long names = 0;
    long bytes = 0;
    for (long edge : path) {
      Delta delta = state.states.at(edge);
      if (delta == null) {
        continue;
      }
      for (InodeImage image : delta.images()) {
        for (DirectoryEntry entry : image.entries().values()) {
          names += entry == null ? 0 : 1;
          bytes += entry == null ? 0 : entry.name().lengthBytes();
        }
      }
    }
    if (names > 0) {
      state.directories.names().requireRoomFor(names, bytes);
    }
  }

  private static long promisedMore(VolumeStates states, List<Long> path) {
    Map<Inode, Long> promised = new HashMap<>();
    for (long edge : path) {
      Delta delta = states.at(edge);
      if (delta == null) {
        continue;
      }
      for (InodeImage image : delta.images()) {
        Inode inode = image.inode;
        if (!inode.isRegular()) {
          continue;
        }
        if (image.kind() == Kind.ABSENT) {
          promised.put(inode, 0L);
        } else if (image.kept() != null) {
          promised.put(inode, image.kept().reservedBlocks());
        } else if (image.kind() == Kind.ALONE) {
          promised.put(inode, inode.map().reservedBlocks());
        }
      }
    }
    long more = 0;
    for (Map.Entry<Inode, Long> each : promised.entrySet()) {
      FileMap map = each.getKey().map();
      more += each.getValue() - (each.getKey().isAway() ? 0 : map.reservedBlocks());
    }
    return more;
  }

  /** The maps that no state has, so that a restore drops them. */
  private static List<FileMap> droppedMaps(VolumeStates states, List<Long> path) {
    Set<Inode> files = new LinkedHashSet<>();
    for (long edge : path) {
      Delta delta = states.at(edge);
      if (delta != null) {
        delta.images().forEach(image -> files.add(image.inode));
      }
    }
    return files.stream().filter(states::isInNoState).map(Inode::map).toList();
  }
}
