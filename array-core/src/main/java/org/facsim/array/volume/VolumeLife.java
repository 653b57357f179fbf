/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.ArrayList;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.BlockStore;
import org.facsim.array.inode.VolumeInode;

/**
 * Whether a volume is there, and how large it may be. The volume's lock guards it, except where a
 * method says otherwise.
 */
public final class VolumeLife {
  private final VolumeContext context;
  private final BlockStore blocks;

  /** Inodes that lost their last hold while the volume was not there. */
  private final List<VolumeInode> releasedMeanwhile = new ArrayList<>();

  VolumeLife(VolumeContext context) {
    this.context = context;
    this.blocks = context.blocks;
  }

  /** Takes no lock. */
  public boolean isDeleted() {
    return context.home.isDeleted();
  }

  /** Refuses to go on with a deleted volume. Takes no lock. */
  public void requirePresent() {
    context.home.requirePresent();
  }

  /**
   * Deletes the volume. All inodes are stale from then on, and the blocks stay until {@link
   * #abandonBlocks}.
   */
  public void delete() {
    context.lock.lock();
    try {
      requirePresent();
      goAway();
    } finally {
      context.lock.unlock();
    }
  }

  /** The same, for a volume that may come back. */
  public void goAway() {
    context.home.setDeleted(true); // before the blocks go, so that a reader without a lock notices
    context.touchVolume();
  }

  /** The volume is there again, with that size. */
  public void comeBack(long limitBlocks) {
    context.home.setDeleted(false);
    blocks.figures().setLimitBlocks(limitBlocks);
    context.touchVolume();
    for (VolumeInode inode : releasedMeanwhile) {
      context.destroyIfUnused(inode);
    }
    releasedMeanwhile.clear();
  }

  /** The volume was stored as one that only states have. */
  public void restoreAway() {
    context.home.setDeleted(true);
  }

  /** Notes that an inode lost a hold. */
  void released(VolumeInode inode) {
    if (isDeleted()) {
      releasedMeanwhile.add(inode);
    } else {
      context.destroyIfUnused(inode);
    }
  }

  /** Has the background release the blocks of a volume that is deleted for good. Takes the lock. */
  public void abandonBlocks() {
    context.lock.lock();
    try {
      blocks.abandon();
    } finally {
      context.lock.unlock();
    }
  }

  public long limitBlocks() {
    return blocks.figures().limitBlocks();
  }

  public void setLimitBlocks(long limitBlocks) {
    blocks.figures().setLimitBlocks(limitBlocks);
    context.touchVolume();
  }

  /** Changes the size. Outside the lock it first waits for reclaim, which may take many steps. */
  public void resize(long sizeBlocks) {
    if (blocks.figures().usedBlocks() + blocks.figures().reservedBlocks() > sizeBlocks) {
      blocks.awaitReclaim();
    }
    context.lock.lock();
    try {
      requirePresent();
      long used = blocks.figures().usedBlocks();
      long reserved = blocks.figures().reservedBlocks();
      if (sizeBlocks < used + reserved) {
        throw new ArrayException(
            ArrayError.INVALID_ARGUMENT,
            "volume '%s' of %d bytes: %d are used and %d reserved"
                .formatted(
                    context.home.volumeName(),
                    VolumeFigures.bytes(sizeBlocks),
                    VolumeFigures.bytes(used),
                    VolumeFigures.bytes(reserved)));
      }
      setLimitBlocks(sizeBlocks);
    } finally {
      context.lock.unlock();
    }
  }
}
