/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Inode;
import org.facsim.array.SpaceLedger;
import org.facsim.array.StorageArray;
import org.facsim.array.Volume;
import org.facsim.array.VolumeAttributes;
import org.facsim.array.VolumeClones;
import org.facsim.array.VolumeFiles;
import org.facsim.array.VolumeNames;
import org.facsim.array.VolumeSnapshots;
import org.facsim.array.block.BlockStore;
import org.facsim.array.history.DeltaListener;
import org.facsim.array.inode.HandleKey;
import org.facsim.array.inode.InodeHome;
import org.facsim.array.inode.Timestamps;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.inode.VolumeListener;

/** A volume of an open array: its context, and its operations by role. */
public final class OpenVolume implements Volume {
  private final StorageArray array;
  private final VolumeContext context;
  private final VolumeInode root;
  private final FileOperations files;
  private final AttributeOperations attributes;
  private final NamespaceOperations names;
  private final CloneOperations clones;
  private final SnapshotOperations snapshots;

  /**
   * Makes a new volume, or one that is stored.
   *
   * @param id never 0, and the same across restarts
   * @param listener is told of every change; null in an ephemeral array
   * @param deltas is told of what is kept for named states; null in an ephemeral array
   * @param loader fills a volume that is stored; null for a new one
   */
  public OpenVolume(
      StorageArray array,
      int id,
      String name,
      BlockStore blocks,
      HandleKey key,
      Timestamps clock,
      VolumeLimits limits,
      VolumeListener listener,
      DeltaListener deltas,
      Consumer<VolumeContext> loader) {
    this.array = array;
    InodeHome home = new InodeHome(this, id, name, blocks.inodeRows(), key);
    context = new VolumeContext(this, home, blocks, clock, limits, listener, deltas);
    RangeOperations ranges = new RangeOperations(context);
    files = new FileOperations(context, ranges);
    attributes = new AttributeOperations(context, new AttachmentOperations(context));
    names = new NamespaceOperations(context, attributes);
    snapshots = new SnapshotOperations(context, names);
    clones = new CloneOperations(context, names, snapshots, ranges);
    if (loader == null) {
      root = context.enterRoot();
    } else {
      loader.accept(context);
      root = context.loadedRoot();
    }
  }

  @Override
  public int id() {
    return context.home.volumeId();
  }

  @Override
  public String name() {
    return context.home.volumeName();
  }

  @Override
  public StorageArray array() {
    return array;
  }

  @Override
  public VolumeInode root() {
    return root;
  }

  @Override
  public VolumeFiles files() {
    return files;
  }

  @Override
  public VolumeAttributes attributes() {
    return attributes;
  }

  @Override
  public VolumeNames names() {
    return names;
  }

  @Override
  public VolumeClones clones() {
    return clones;
  }

  @Override
  public VolumeSnapshots snapshots() {
    return snapshots;
  }

  @Override
  public SpaceLedger space() {
    return context.figures;
  }

  @Override
  public long sizeBytes() {
    return VolumeFigures.bytes(context.life.limitBlocks());
  }

  @Override
  public boolean isDeleted() {
    return context.life.isDeleted();
  }

  @Override
  public long transactionGroup() {
    return context.transactionGroup();
  }

  @Override
  public long lastChange() {
    context.lock.lock();
    try {
      return context.changeSequence();
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public <T> T unlessRestored(long restoreCount, Supplier<T> change) {
    context.lock.lock();
    try {
      if (array.restoreCount() != restoreCount) {
        throw new ArrayException(ArrayError.STALE, "the array was restored to a named state");
      }
      return change.get();
    } finally {
      context.lock.unlock();
    }
  }

  /** What the volume's operations share. */
  public VolumeContext context() {
    return context;
  }

  /** The volume's only lock. */
  public Lock lock() {
    return context.lock;
  }

  /** Returns the inode with an id, or null. Takes no lock. */
  public Inode find(long fileId) {
    return context.inodes.get(fileId);
  }

  @Override
  public String toString() {
    return "Volume[" + name() + "]";
  }
}
