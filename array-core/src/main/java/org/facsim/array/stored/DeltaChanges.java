/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.facsim.array.history.Delta;
import org.facsim.array.history.DeltaListener;
import org.facsim.array.history.InodeDifference;
import org.facsim.array.history.StoredSnapshot;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.log.Batch;
import org.facsim.array.log.RecordKind;

/**
 * What changed in the deltas of a durable volume since its last cut. The volume's lock guards it.
 */
public final class DeltaChanges implements DeltaListener {
  private final VolumeChanges volume;
  private final Set<Delta> deltas = new HashSet<>();
  private final List<InodeDifference> differences = new ArrayList<>();

  DeltaChanges(VolumeChanges volume) {
    this.volume = volume;
  }

  @Override
  public void changed(Delta delta) {
    if (deltas.add(delta)) {
      volume.volumeChanged();
    }
  }

  @Override
  public void changed(InodeDifference difference) {
    if (!difference.isDirty()) {
      differences.add(difference);
      difference.markDirty();
      volume.touchKept();
    }
  }

  /** Puts everything that changed into the batch. If that fails, nothing is forgotten. */
  void cut(int volumeId, Batch into) {
    for (InodeDifference difference : differences) {
      cutDifference(volumeId, difference, into);
    }
    for (Delta delta : deltas) {
      cutDelta(volumeId, delta, into);
    }
    differences.forEach(InodeDifference::clearDirty);
    differences.clear();
    deltas.forEach(Delta::clearChanges);
    deltas.clear();
  }

  private static void cutDifference(int volumeId, InodeDifference difference, Batch into) {
    if (difference.delta() == null) {
      into.remove(RecordKind.DIFFERENCE, volumeId, 0, difference.number);
    } else {
      into.put(RecordKind.DIFFERENCE, volumeId, 0, difference.number, DeltaRows.of(difference));
    }
    for (long cookie : difference.changedCookies()) {
      if (!difference.entries().containsKey(cookie)) {
        into.remove(RecordKind.DIFFERENCE_ENTRY, volumeId, difference.number, cookie);
        continue;
      }
      NamedInode entry = difference.entries().get(cookie);
      ByteBuffer row = entry == null ? DeltaRows.nothing() : EntryRow.of(entry);
      into.put(RecordKind.DIFFERENCE_ENTRY, volumeId, difference.number, cookie, row);
    }
  }

  private static void cutDelta(int volumeId, Delta delta, Batch into) {
    if (delta.isGone()) {
      into.remove(RecordKind.DELTA, volumeId, 0, delta.number);
    } else {
      into.put(RecordKind.DELTA, volumeId, 0, delta.number, DeltaRows.of(delta));
    }
    for (long id : delta.changedSnapshots()) {
      if (!delta.snapshots().containsKey(id)) {
        into.remove(RecordKind.DIFFERENCE_SNAPSHOT, volumeId, delta.number, id);
        continue;
      }
      StoredSnapshot snapshot = delta.snapshots().get(id);
      ByteBuffer row = snapshot == null ? DeltaRows.nothing() : SnapshotRow.of(snapshot);
      into.put(RecordKind.DIFFERENCE_SNAPSHOT, volumeId, delta.number, id, row);
    }
    for (long id : delta.changedOrigins()) {
      if (!delta.origins().containsKey(id)) {
        into.remove(RecordKind.DIFFERENCE_ORIGIN, volumeId, delta.number, id);
        continue;
      }
      Long origin = delta.origins().get(id);
      ByteBuffer row = origin == null ? DeltaRows.nothing() : DeltaRows.of(origin);
      into.put(RecordKind.DIFFERENCE_ORIGIN, volumeId, delta.number, id, row);
    }
  }
}
