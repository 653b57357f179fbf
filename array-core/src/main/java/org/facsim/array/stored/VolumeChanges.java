/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.block.StoreChanges;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.Directory;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.inode.VolumeListener;
import org.facsim.array.log.Batch;
import org.facsim.array.log.Group;
import org.facsim.array.log.RecordKind;
import org.facsim.array.log.TransactionGroups;
import org.facsim.array.volume.VolumeContext;

/**
 * What changed in a durable volume since its last cut: inodes, and through them entries. The
 * volume's lock guards it.
 *
 * <p>Every change of an entry comes with a change of its directory's inode. Therefore a directory
 * keeps the cookies that changed, and the cut asks for them when it writes the directory's inode.
 */
public final class VolumeChanges implements VolumeListener, StoreChanges.Listener {
  /** About what an inode takes in a batch, with its name. */
  private static final int INODE_BYTES = 256;

  /** About what a changed name takes in a batch. */
  private static final int ENTRY_BYTES = 128;

  /**
   * A replaced payload slot waits in lists until the group is durable, which takes one byte of this
   * many.
   */
  private static final int SLOT_SHARE = 256;

  /** The groups are told what waits in steps of this size, so that mutations do not contend. */
  private static final long STEP_BYTES = 16 << 10;

  private final TransactionGroups groups;
  private final DeltaChanges deltas = new DeltaChanges(this);
  private final List<VolumeInode> dirty = new ArrayList<>();
  private boolean rowIsDirty = true;

  /**
   * How much waits for a cut outside the tables and in the tables, and how much the groups know of.
   */
  private long rowBytes;

  private long tableBytes;
  private long toldBytes;

  /** Whether the volume is gone. What still changes in it is never cut. */
  private volatile boolean isForgotten;

  public VolumeChanges(TransactionGroups groups) {
    this.groups = groups;
  }

  /** Notes what is kept for named states. */
  public DeltaChanges deltas() {
    return deltas;
  }

  @Override
  public long openGroup() {
    return groups.openGroup();
  }

  /** Notes that an inode was made, changed or removed. */
  @Override
  public void changed(VolumeInode inode) {
    if (!inode.isDirty()) {
      dirty.add(inode);
      inode.markDirty();
      groups.noteChange();
      addWaiting(INODE_BYTES);
    } else if (inode.isDirectory()) {
      addWaiting(ENTRY_BYTES);
    }
  }

  /** Notes that attachments have to be cut. */
  @Override
  public void attachmentsChanged(long sizeBytes) {
    addWaiting(sizeBytes);
  }

  /** Notes that an inode or an entry is kept for a named state. */
  void touchKept() {
    addWaiting(INODE_BYTES);
    volumeChanged();
  }

  /**
   * Asks for admission, before a mutation changes anything. Takes no lock.
   *
   * @throws org.facsim.array.ArrayException see {@link TransactionGroups#admit}
   */
  @Override
  public void admit() {
    groups.admit();
  }

  /** Notes that bytes were written, most of them to slots that nothing durable names. */
  @Override
  public void wrote(int lengthBytes) {
    addWaiting(lengthBytes / SLOT_SHARE);
  }

  private void addWaiting(long bytes) {
    rowBytes += bytes;
    tellWaiting();
  }

  @Override
  public void waiting(long bytes) {
    tableBytes = bytes;
    tellWaiting();
  }

  private void tellWaiting() {
    long more = rowBytes + tableBytes - toldBytes;
    if (more >= STEP_BYTES && !isForgotten) {
      toldBytes += more;
      groups.addUncut(more);
    }
  }

  private void nothingWaits() {
    groups.addUncut(-toldBytes);
    toldBytes = 0;
    rowBytes = 0;
    tableBytes = 0;
  }

  /** The volume is gone for good. Nothing of it is cut any more. Takes the volume's lock. */
  public void forget(VolumeContext context) {
    context.lock.lock();
    try {
      nothingWaits();
      isForgotten = true;
    } finally {
      context.lock.unlock();
    }
  }

  @Override
  public boolean isBehind() {
    return !isForgotten && groups.isBehind();
  }

  /** Notes that the volume itself changed. */
  @Override
  public void volumeChanged() {
    rowIsDirty = true;
    groups.noteChange();
  }

  @Override
  public void changed() {
    volumeChanged();
  }

  @Override
  public void hurry() {
    groups.hurry();
  }

  /**
   * Puts everything that changed into the batch, and the volume's row if anything did. It forgets a
   * change only when the change is in the batch. So if it fails, the next cut puts the change in
   * again. Takes the volume's lock.
   */
  public void cut(VolumeContext context, Group group) {
    context.lock.lock();
    try {
      cutLocked(context, group);
    } finally {
      context.lock.unlock();
    }
  }

  private void cutLocked(VolumeContext context, Group group) {
    Batch into = group.batch();
    if (dirty.isEmpty() && !rowIsDirty) {
      return;
    }
    int volume = context.home.volumeId();
    for (VolumeInode inode : dirty) {
      cutInode(context, inode, into);
    }
    cutSnapshots(context, into);
    deltas.cut(volume, into);
    context.blocks.changes().cut(group);
    into.put(RecordKind.VOLUME, 0, 0, volume, VolumeRow.of(context).bytes());
    dirty.forEach(VolumeInode::clearDirty);
    dirty.clear();
    rowIsDirty = false;
    nothingWaits();
  }

  private static void cutInode(VolumeContext context, VolumeInode inode, Batch into) {
    int volume = context.home.volumeId();
    long fileId = inode.fileId();
    boolean isPresent = inode.isAway() || context.inodes.get(fileId) == inode;
    if (isPresent) {
      into.put(RecordKind.INODE, volume, 0, fileId, InodeRow.of(inode));
    } else {
      into.remove(RecordKind.INODE, volume, 0, fileId);
    }
    if (inode.attachmentsAreDirty()) {
      Attachments attachments = inode.attachments();
      if (attachments.equals(Attachments.NONE)) {
        into.remove(RecordKind.ATTACHMENTS, volume, 0, fileId);
      } else {
        into.put(RecordKind.ATTACHMENTS, volume, 0, fileId, AttachmentsRow.of(attachments));
      }
    }
    if (!inode.isDirectory()) {
      return;
    }
    Directory directory = inode.directory();
    directory.drainChanges((cookie, entry) -> cutEntry(volume, inode, cookie, entry, into));
    if (!isPresent) { // a snapshot's directory goes with its entries
      directory.cookies().forEach(cookie -> cutEntry(volume, inode, cookie, null, into));
    }
  }

  private static void cutSnapshots(VolumeContext context, Batch into) {
    int volume = context.home.volumeId();
    context.snapshots.drainChanges(
        (id, snapshot) -> {
          if (snapshot == null) {
            into.remove(RecordKind.SNAPSHOT, volume, 0, id);
          } else {
            into.put(RecordKind.SNAPSHOT, volume, 0, id, SnapshotRow.of(snapshot));
          }
        },
        (cloneId, snapshotId) -> {
          if (snapshotId == null) {
            into.remove(RecordKind.ORIGIN, volume, 0, cloneId);
          } else {
            ByteBuffer row = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            into.put(RecordKind.ORIGIN, volume, 0, cloneId, row.putLong(snapshotId).flip());
          }
        });
  }

  private static void cutEntry(
      int volume, VolumeInode directory, long cookie, NamedInode entry, Batch into) {
    if (entry == null) {
      into.remove(RecordKind.ENTRY, volume, directory.fileId(), cookie);
      return;
    }
    into.put(RecordKind.ENTRY, volume, directory.fileId(), cookie, EntryRow.of(entry));
  }
}
