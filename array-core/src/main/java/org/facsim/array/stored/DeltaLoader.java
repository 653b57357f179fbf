/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.FileAttributes;
import org.facsim.array.block.ledger.FileMap;
import org.facsim.array.history.Delta;
import org.facsim.array.history.InodeDifference;
import org.facsim.array.history.InodeDifference.Kind;
import org.facsim.array.inode.Attachments;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.log.MetadataStore;
import org.facsim.array.log.RecordKind;
import org.facsim.array.stored.DeltaRows.StoredDelta;
import org.facsim.array.stored.DeltaRows.StoredDifference;
import org.facsim.array.volume.VolumeContext;

/**
 * Loads what a volume keeps for named states, after all its inodes. If a delta was being released
 * when the array stopped, its release begins again, and only the maps of such a delta are checked.
 */
final class DeltaLoader {
  /** Finds an inode by its file id, also one that only states have; null if there is none. */
  interface Inodes {
    VolumeInode find(long fileId);
  }

  private final VolumeContext context;
  private final MetadataStore metadata;
  private final Inodes inodes;
  private final int volume;
  private final Map<Long, Delta> deltas = new HashMap<>();
  private final Map<Long, InodeDifference> differences = new HashMap<>();

  DeltaLoader(VolumeContext context, MetadataStore metadata, Inodes inodes) {
    this.context = context;
    this.metadata = metadata;
    this.inodes = inodes;
    volume = context.home.volumeId();
  }

  /**
   * @throws ArrayException IO, which names what is damaged
   */
  void load() {
    metadata.load(
        RecordKind.DELTA, volume, (kind, id, owner, number, row) -> loadDelta(number, row));
    metadata.load(
        RecordKind.DIFFERENCE,
        volume,
        (kind, id, owner, number, row) -> loadDifference(number, row));
    metadata.load(
        RecordKind.DIFFERENCE_ENTRY,
        volume,
        (kind, id, owner, cookie, row) -> loadEntry(owner, cookie, row));
    metadata.load(
        RecordKind.DIFFERENCE_SNAPSHOT,
        volume,
        (kind, id, owner, number, row) ->
            delta(owner)
                .restoreSnapshot(
                    number,
                    row.hasRemaining() ? SnapshotRow.read(number, row, inodes::find) : null));
    metadata.load(
        RecordKind.DIFFERENCE_ORIGIN,
        volume,
        (kind, id, owner, cloneId, row) ->
            delta(owner).restoreOrigin(cloneId, row.hasRemaining() ? row.getLong() : null));
  }

  private void loadDelta(long number, ByteBuffer row) {
    StoredDelta stored = StoredDelta.read(number, row);
    if (stored.edge() != Delta.DOOMED && context.deltas.at(stored.edge()) != null) {
      throw damaged("two deltas at " + stored.edge());
    }
    Delta delta = context.deltas.restore(number, stored.edge());
    if (stored.hasDirectory()) {
      VolumeInode directory = stored.directoryId() == 0 ? null : known(stored.directoryId());
      delta.restoreDirectory(directory);
    }
    deltas.put(number, delta);
  }

  private void loadDifference(long number, ByteBuffer row) {
    StoredDifference stored = StoredDifference.read(number, row);
    Delta delta = delta(stored.delta());
    boolean isDoomed = delta.edge() == Delta.DOOMED;
    VolumeInode inode = inodes.find(stored.fileId());
    if (inode == null && isDoomed && stored.kind() != Kind.ALONE) { // it has gone meanwhile
      inode = context.factory.standIn(stored.fileId());
    }
    if (inode == null || (stored.kind() == Kind.ALONE && !inode.isAway())) {
      throw damaged("difference " + number + " of inode " + stored.fileId());
    }
    FileMap kept = stored.kept() == 0 ? null : context.blocks.map(stored.kept());
    if (stored.kept() != 0 && (kept == null || !kept.isHidden())) {
      throw damaged("difference " + number + " has no block map " + stored.kept());
    }
    FileAttributes attributes = stored.isFar() ? stored.attributes(inode) : null;
    Attachments attachments = stored.isFar() ? stored.attachments() : null;
    VolumeInode parent = stored.parentId() == 0 || isDoomed ? null : known(stored.parentId());
    InodeDifference difference =
        InodeDifference.restored(
            inode, number, stored.kind(), attributes, attachments, parent, kept);
    if (!delta.restore(difference)) {
      throw damaged("two differences of inode " + stored.fileId());
    }
    context.deltas.took(number);
    differences.put(number, difference);
  }

  private void loadEntry(long number, long cookie, ByteBuffer row) {
    InodeDifference difference = differences.get(number);
    if (difference == null) {
      throw damaged("entry " + cookie + " of difference " + number);
    }
    boolean isDoomed = difference.delta().edge() == Delta.DOOMED;
    if (!isDoomed && !difference.inode.isDirectory()) {
      throw damaged("entry " + cookie + " of difference " + number);
    }
    if (isDoomed || !row.hasRemaining()) {
      difference.restoreEntry(cookie, null);
      return;
    }
    if (row.remaining() <= Long.BYTES) {
      throw damaged("entry " + cookie + " of difference " + number);
    }
    VolumeInode inode = known(row.getLong());
    difference.restoreEntry(cookie, new NamedInode(EntryRow.nameOf(row), inode, cookie));
  }

  private Delta delta(long number) {
    Delta delta = deltas.get(number);
    if (delta == null) {
      throw damaged("no delta " + number);
    }
    return delta;
  }

  private VolumeInode known(long fileId) {
    VolumeInode inode = inodes.find(fileId);
    if (inode == null) {
      throw damaged("no inode " + fileId);
    }
    return inode;
  }

  private ArrayException damaged(String what) {
    return new ArrayException(
        ArrayError.IO,
        "named states of volume '" + context.home.volumeName() + "' are damaged: " + what);
  }
}
