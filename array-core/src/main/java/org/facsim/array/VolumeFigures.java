/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.ledger.FileMap;

/**
 * The space ledger of a volume, of its files and trees. A named state holds what it keeps like any
 * file does, so a file that has not changed since the last save frees nothing when it is deleted:
 * its exclusive bytes are 0 until it is overwritten.
 */
final class VolumeFigures {
  /** How long a name is of which nothing is known. */
  private static final int COMMON_NAME_BYTES = 16;

  private final VolumeState state;
  private final BlockStore blocks;

  /** Blocks that only states hold, and the version of the store that this holds for. */
  private long retainedBlocks;

  private long retainedVersion = -1;

  VolumeFigures(VolumeState state) {
    this.state = state;
    this.blocks = state.blocks;
  }

  static long bytes(long blockCount) {
    return blockCount * Volume.BLOCK_BYTES;
  }

  FileSpace of(Inode inode) {
    state.requireHere(inode);
    state.lock.lock();
    try {
      inode.requirePresent();
      long sizeBytes = inode.attributes().sizeBytes();
      if (!inode.isRegular()) {
        return new FileSpace(sizeBytes, 0, 0, 0, 0);
      }
      FileMap map = inode.map();
      return new FileSpace(
          sizeBytes,
          bytes(map.referencedBlocks()),
          bytes(state.states.keepsAllOf(inode) ? 0 : blocks.figures().exclusiveBlocks(map)),
          bytes(map.chargedBlocks()),
          bytes(map.reservedBlocks()));
    } finally {
      state.lock.unlock();
    }
  }

  /** Of a file, or of all files in a tree. */
  TreeSpace ofTree(Inode top) {
    state.requireHere(top);
    state.lock.lock();
    try {
      top.requirePresent();
      List<FileMap> freeable = new ArrayList<>();
      long files = 0;
      long logicalBytes = 0;
      long referenced = 0;
      long live = 0;
      long charged = 0;
      long reserved = 0;
      for (Inode inode : TreeClone.allIn(top)) {
        if (inode.isRegular()) {
          FileMap map = inode.map();
          if (!state.states.keepsAllOf(inode)) {
            freeable.add(map);
          }
          files++;
          logicalBytes += inode.attributes().sizeBytes();
          referenced += map.referencedBlocks();
          live += blocks.figures().liveBlocks(map);
          charged += map.chargedBlocks();
          reserved += map.reservedBlocks();
        }
      }
      return new TreeSpace(
          files,
          logicalBytes,
          bytes(referenced),
          bytes(blocks.figures().exclusiveBlocks(freeable)),
          bytes(live),
          bytes(charged - live),
          bytes(reserved));
    } finally {
      state.lock.unlock();
    }
  }

  /** How many small files can still be made here, as far as anybody can tell. */
  long freeInodes() {
    state.lock.lock();
    try {
      state.life.requirePresent();
      long onHeap = state.metadata.freeBytes() / HeapCost.ofCommonFile();
      long outside = blocks.hostFreeFiles(COMMON_NAME_BYTES);
      return Math.min(state.inodes.room(), Math.min(onHeap, outside));
    } finally {
      state.lock.unlock();
    }
  }

  VolumeSpace ofVolume() {
    state.lock.lock();
    try {
      state.life.requirePresent();
      return new VolumeSpace(
          bytes(blocks.figures().limitBlocks()),
          bytes(blocks.figures().usedBlocks()),
          bytes(blocks.figures().reservedBlocks()),
          bytes(blocks.figures().referencedBlocks()),
          state.provisionedBytes(),
          bytes(blocks.figures().retainedBlocks()),
          bytes(retainedByStates()),
          bytes(blocks.figures().reclaimPendingBlocks()),
          bytes(blocks.figures().freeBlocks()),
          state.inodes.count());
    } finally {
      state.lock.unlock();
    }
  }

  /** As {@link Volume#availableBytes} says. */
  long availableBytes() {
    state.lock.lock();
    try {
      state.life.requirePresent();
      return bytes(Math.min(blocks.figures().freeBlocks(), blocks.hostFreeBlocks()));
    } finally {
      state.lock.unlock();
    }
  }

  /** Walks what changed since the states were saved, once for each change of the volume. */
  private long retainedByStates() {
    if (retainedVersion != blocks.figures().version()) {
      retainedBlocks = blocks.figures().exclusiveBlocks(state.states.hiddenMaps());
      retainedVersion = blocks.figures().version();
    }
    return retainedBlocks;
  }

  /** Bytes that would come back if these maps went together; the lock is held. */
  long freedBy(List<FileMap> maps) {
    return bytes(blocks.figures().exclusiveBlocks(maps));
  }
}
