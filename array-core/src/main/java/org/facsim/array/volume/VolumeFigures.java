/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileSpace;
import org.facsim.array.Inode;
import org.facsim.array.NotedSpace;
import org.facsim.array.Sharing;
import org.facsim.array.SharingVisitor;
import org.facsim.array.SpaceLedger;
import org.facsim.array.TreeSpace;
import org.facsim.array.Volume;
import org.facsim.array.VolumeSpace;
import org.facsim.array.VolumeTotals;
import org.facsim.array.block.BlockStore;
import org.facsim.array.block.SpaceFigures;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.block.map.Holders;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.VolumeInode;

/**
 * The space ledger of a volume, of its files and of its trees. A named state holds what it keeps,
 * as a file does. Therefore a file that has not changed since the last save frees nothing when it
 * is deleted: its exclusive bytes are 0 until it is overwritten.
 */
public final class VolumeFigures implements SpaceLedger {
  /** How long names are that are not known yet. */
  private static final int COMMON_NAME_BYTES = 16;

  private static final OptionalLong NONE = OptionalLong.of(0);

  private final VolumeContext context;
  private final BlockStore blocks;

  /** Blocks that only states hold, and the version of the store for which this is right. */
  private long retainedBlocks;

  private long retainedVersion = -1;

  VolumeFigures(VolumeContext context) {
    this.context = context;
    this.blocks = context.blocks;
  }

  public static long bytes(long blockCount) {
    return blockCount * Volume.BLOCK_BYTES;
  }

  @Override
  public FileSpace of(Inode givenInode) {
    VolumeInode inode = context.here(givenInode);
    context.lock.lock();
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
          bytes(context.deltas.keepsAllOf(inode) ? 0 : blocks.figures().exclusiveBlocks(map)),
          bytes(map.chargedBlocks()),
          bytes(map.reservedBlocks()));
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public NotedSpace noted(Inode givenInode) {
    VolumeInode inode = context.here(givenInode);
    context.lock.lock();
    try {
      inode.requirePresent();
      if (!inode.isRegular()) {
        return new NotedSpace(inode.sizeBytes(), 0, NONE, 0, 0);
      }
      FileMap map = inode.map();
      long exclusive =
          context.deltas.keepsAllOf(inode) ? 0 : blocks.figures().exclusiveBlocksIfKnown(map);
      return new NotedSpace(
          inode.sizeBytes(),
          bytes(map.referencedBlocks()),
          noted(exclusive),
          bytes(map.chargedBlocks()),
          bytes(map.reservedBlocks()));
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public long mappedBytes(Inode givenInode, long offsetBytes, long lengthBytes) {
    VolumeInode inode = context.here(givenInode);
    context.lock.lock();
    try {
      inode.requirePresent();
      return inode.isRegular()
          ? bytes(blocks.holes().mappedBlocks(inode.map(), offsetBytes, lengthBytes))
          : 0;
    } finally {
      context.lock.unlock();
    }
  }

  private static OptionalLong noted(long exclusiveBlocks) {
    if (exclusiveBlocks == 0) {
      return NONE;
    }
    return exclusiveBlocks == SpaceFigures.UNKNOWN
        ? OptionalLong.empty()
        : OptionalLong.of(bytes(exclusiveBlocks));
  }

  /** The ledger of a file, or of all files in a tree. */
  @Override
  public TreeSpace ofTree(Inode givenTop) {
    VolumeInode top = context.here(givenTop);
    context.lock.lock();
    try {
      top.requirePresent();
      List<FileMap> freeable = new ArrayList<>();
      long files = 0;
      long logicalBytes = 0;
      long referenced = 0;
      long live = 0;
      long charged = 0;
      long reserved = 0;
      for (VolumeInode inode : TreeClone.allIn(top)) {
        if (inode.isRegular()) {
          FileMap map = inode.map();
          if (!context.deltas.keepsAllOf(inode)) {
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
      context.lock.unlock();
    }
  }

  /** An estimate of how many small files can still be made here. */
  @Override
  public long freeInodes() {
    context.lock.lock();
    try {
      context.life.requirePresent();
      long onHeap = context.metadata.freeBytes() / HeapCost.ofCommonFile();
      long outside = blocks.freeMemory().files(COMMON_NAME_BYTES);
      return Math.min(context.inodes.room(), Math.min(onHeap, outside));
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public VolumeSpace ofVolume() {
    context.lock.lock();
    try {
      context.life.requirePresent();
      return new VolumeSpace(
          bytes(blocks.figures().limitBlocks()),
          bytes(blocks.figures().usedBlocks()),
          bytes(blocks.figures().reservedBlocks()),
          bytes(blocks.figures().referencedBlocks()),
          context.provisionedBytes(),
          bytes(blocks.figures().retainedBlocks()),
          bytes(retainedByStates()),
          bytes(blocks.figures().reclaimPendingBlocks()),
          bytes(blocks.figures().freeBlocks()),
          context.inodes.count());
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public VolumeTotals totals() {
    context.lock.lock();
    try {
      context.life.requirePresent();
      return new VolumeTotals(
          bytes(blocks.figures().usedBlocks()),
          bytes(blocks.figures().reservedBlocks()),
          bytes(blocks.figures().referencedBlocks()),
          context.provisionedBytes());
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public long freeBytes() {
    context.lock.lock();
    try {
      context.life.requirePresent();
      return bytes(blocks.figures().freeBlocks());
    } finally {
      context.lock.unlock();
    }
  }

  /** The smaller one of free blocks and free direct memory. */
  @Override
  public long availableBytes() {
    context.lock.lock();
    try {
      context.life.requirePresent();
      return bytes(Math.min(blocks.figures().freeBlocks(), blocks.freeMemory().blocks()));
    } finally {
      context.lock.unlock();
    }
  }

  /** Walks what changed since the states were saved, at most once for each change of the volume. */
  private long retainedByStates() {
    if (retainedVersion != blocks.figures().version()) {
      retainedBlocks = blocks.figures().exclusiveBlocks(context.deltas.hiddenMaps());
      retainedVersion = blocks.figures().version();
    }
    return retainedBlocks;
  }

  /**
   * Returns how many bytes would be freed if these maps were released together. The lock is held.
   */
  public long freedBy(List<FileMap> maps) {
    return bytes(blocks.figures().exclusiveBlocks(maps));
  }

  @Override
  public long visitSharing(
      Inode givenFile, Inode givenOtherOrNull, long offsetBytes, SharingVisitor visitor) {
    if (offsetBytes < 0 || offsetBytes % Volume.BLOCK_BYTES != 0) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT,
          "offset " + offsetBytes + "; allowed: multiples of " + Volume.BLOCK_BYTES);
    }
    VolumeInode file = context.here(givenFile);
    FileMap map = file.map();
    long sizeBytes = present(file).sizeBytes();
    FileMap other = null;
    if (givenOtherOrNull != null) {
      VolumeInode second = context.here(givenOtherOrNull);
      other = second.map();
      sizeBytes = Math.max(sizeBytes, present(second).sizeBytes());
    }
    long endBlock = (sizeBytes + Volume.BLOCK_BYTES - 1) / Volume.BLOCK_BYTES;
    long fromBlock = Math.min(endBlock, offsetBytes / Volume.BLOCK_BYTES);
    return bytes(
        blocks
            .sharing()
            .visit(
                map,
                other,
                fromBlock,
                endBlock,
                (offset, length, holders) -> visitor.visit(offset, length, sharing(holders))));
  }

  private static Sharing sharing(Holders holders) {
    return switch (holders) {
      case HOLE -> Sharing.HOLE;
      case PRIVATE -> Sharing.PRIVATE;
      case SHARED -> Sharing.SHARED;
      case DIFFERENT -> Sharing.DIFFERENT;
      case FIRST -> Sharing.FIRST;
      case SECOND -> Sharing.SECOND;
    };
  }

  private static FileAttributes present(VolumeInode inode) {
    if (inode.isGone()) {
      throw new ArrayException(ArrayError.STALE, inode + " is gone");
    }
    return inode.attributes();
  }
}
