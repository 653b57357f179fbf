/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import org.facsim.array.history.Delta;
import org.facsim.array.history.InodeImage;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.volume.VolumeState;

/** Recounts what a volume should have charged to the budget for metadata. By the volume's lock. */
final class MetadataAudit {
  private MetadataAudit() {}

  /** Bytes of heap by {@link HeapCost}. */
  static long recount(VolumeState state) {
    long bytes = HeapCost.VOLUME_BYTES + state.inodes.heapBytes() + state.snapshots.heapBytes();
    bytes += state.byRow.heapBytes() + state.directories.names().heapBytes();
    VolumeInode inode = state.inodes.next(0);
    while (inode != null) {
      bytes += of(inode);
      inode = state.inodes.next(inode.fileId() + 1);
    }
    for (Delta delta : state.states.all()) {
      bytes += delta.heapBytes();
      for (InodeImage image : delta.images()) {
        bytes += image.kind() == InodeImage.Kind.ALONE ? of(image.inode) : 0;
        bytes += HeapCost.IMAGE_BYTES;
        bytes += image.attachments() == null ? 0 : HeapCost.of(image.attachments());
        for (NamedInode entry : image.entries().values()) {
          bytes += HeapCost.ofKeptEntry(entry == null ? null : entry.name());
        }
      }
    }
    return bytes + state.blocks.figures().heapBytesOfMaps();
  }

  private static long of(VolumeInode inode) {
    long bytes = HeapCost.of(inode) + HeapCost.of(inode.attachments());
    if (inode.isDirectory()) {
      bytes += inode.directory().heapBytesOfCookies();
    }
    return bytes;
  }
}
