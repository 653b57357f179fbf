/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.facsim.array.history.Delta;
import org.facsim.array.history.DeltaListener;
import org.facsim.array.history.InodeImage;
import org.facsim.array.history.StoredSnapshot;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.log.Batch;
import org.facsim.array.log.RecordKind;

/** What changed in the deltas of a durable volume since its last cut; by the volume's lock. */
public final class DeltaJournal implements DeltaListener {
  private final VolumeJournal volume;
  private final Set<Delta> deltas = new HashSet<>();
  private final List<InodeImage> images = new ArrayList<>();

  DeltaJournal(VolumeJournal volume) {
    this.volume = volume;
  }

  @Override
  public void changed(Delta delta) {
    if (deltas.add(delta)) {
      volume.volumeChanged();
    }
  }

  @Override
  public void changed(InodeImage image) {
    if (!image.isDirty()) {
      images.add(image);
      image.markDirty();
      volume.touchKept();
    }
  }

  /** Puts all that changed into the batch; nothing is forgotten if that fails. */
  void cut(int volumeId, Batch into) {
    for (InodeImage image : images) {
      cutImage(volumeId, image, into);
    }
    for (Delta delta : deltas) {
      cutDelta(volumeId, delta, into);
    }
    images.forEach(InodeImage::clearDirty);
    images.clear();
    deltas.forEach(Delta::clearChanges);
    deltas.clear();
  }

  private static void cutImage(int volumeId, InodeImage image, Batch into) {
    if (image.delta() == null) {
      into.remove(RecordKind.IMAGE, volumeId, 0, image.number);
    } else {
      into.put(RecordKind.IMAGE, volumeId, 0, image.number, DeltaRows.of(image));
    }
    for (long cookie : image.changedCookies()) {
      if (!image.entries().containsKey(cookie)) {
        into.remove(RecordKind.IMAGE_ENTRY, volumeId, image.number, cookie);
        continue;
      }
      NamedInode entry = image.entries().get(cookie);
      ByteBuffer row = entry == null ? DeltaRows.nothing() : EntryRow.of(entry);
      into.put(RecordKind.IMAGE_ENTRY, volumeId, image.number, cookie, row);
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
        into.remove(RecordKind.IMAGE_SNAPSHOT, volumeId, delta.number, id);
        continue;
      }
      StoredSnapshot snapshot = delta.snapshots().get(id);
      ByteBuffer row = snapshot == null ? DeltaRows.nothing() : SnapshotRow.of(snapshot);
      into.put(RecordKind.IMAGE_SNAPSHOT, volumeId, delta.number, id, row);
    }
    for (long id : delta.changedOrigins()) {
      if (!delta.origins().containsKey(id)) {
        into.remove(RecordKind.IMAGE_ORIGIN, volumeId, delta.number, id);
        continue;
      }
      Long origin = delta.origins().get(id);
      ByteBuffer row = origin == null ? DeltaRows.nothing() : DeltaRows.of(origin);
      into.put(RecordKind.IMAGE_ORIGIN, volumeId, delta.number, id, row);
    }
  }
}
