/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.facsim.array.Volume.DirectoryEntry;
import org.facsim.array.block.StoreJournal;
import org.facsim.array.durable.Batch;
import org.facsim.array.durable.RecordKind;
import org.facsim.array.durable.TransactionGroups;

/**
 * What of a durable volume changed since its last cut: inodes, and through them entries. Guarded by
 * the volume's lock.
 *
 * <p>Every change of an entry comes with a change of its directory's inode, so a directory keeps
 * the cookies that changed and is asked for them when its inode is written.
 */
final class VolumeJournal implements StoreJournal.Listener {
  private final TransactionGroups groups;
  private final DeltaJournal deltas = new DeltaJournal(this);
  private final List<Inode> dirty = new ArrayList<>();
  private boolean rowIsDirty = true;

  VolumeJournal(TransactionGroups groups) {
    this.groups = groups;
  }

  /** Where what is kept for named states is noted. */
  DeltaJournal deltas() {
    return deltas;
  }

  long openGroup() {
    return groups.openGroup();
  }

  /** An inode was made, changed or removed. */
  void touch(Inode inode) {
    if (inode.markDirty()) {
      dirty.add(inode);
      groups.noteChange();
    }
  }

  /** The volume itself changed. */
  void touchVolume() {
    rowIsDirty = true;
    groups.noteChange();
  }

  @Override
  public void changed() {
    touchVolume();
  }

  @Override
  public void hurry() {
    groups.hurry();
  }

  /** Puts everything that changed into the batch, and the volume's row if anything did. */
  void cut(VolumeState state, long group, Batch into) {
    if (dirty.isEmpty() && !rowIsDirty) {
      return;
    }
    int volume = state.volume.id();
    for (Inode inode : dirty) {
      inode.clearDirty();
      cutInode(state, inode, into);
    }
    dirty.clear();
    rowIsDirty = false;
    cutSnapshots(state, into);
    deltas.cut(volume, into);
    state.blocks.journal().cut(group, into);
    into.put(RecordKind.VOLUME, 0, 0, volume, VolumeRow.of(state).bytes());
  }

  private static void cutInode(VolumeState state, Inode inode, Batch into) {
    int volume = state.volume.id();
    long fileId = inode.fileId();
    boolean isPresent = inode.isAway() || state.inodes.get(fileId) == inode;
    if (isPresent) {
      into.put(RecordKind.INODE, volume, 0, fileId, InodeRow.of(inode));
    } else {
      into.remove(RecordKind.INODE, volume, 0, fileId);
    }
    if (inode.takeAttachmentsDirty()) {
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
    if (!isPresent) { // one of a snapshot goes with its entries
      directory.cookies().forEach(cookie -> cutEntry(volume, inode, cookie, null, into));
    }
  }

  private static void cutSnapshots(VolumeState state, Batch into) {
    int volume = state.volume.id();
    state.snapshots.drainChanges(
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
      int volume, Inode directory, long cookie, DirectoryEntry entry, Batch into) {
    if (entry == null) {
      into.remove(RecordKind.ENTRY, volume, directory.fileId(), cookie);
      return;
    }
    into.put(RecordKind.ENTRY, volume, directory.fileId(), cookie, EntryRow.of(entry));
  }
}
