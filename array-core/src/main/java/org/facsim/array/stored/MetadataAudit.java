/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import org.facsim.array.history.Delta;
import org.facsim.array.history.InodeDifference;
import org.facsim.array.inode.HeapCost;
import org.facsim.array.inode.NamedInode;
import org.facsim.array.inode.VolumeInode;
import org.facsim.array.volume.VolumeContext;

/** Recounts what a volume should have charged to the metadata budget. The volume's lock is held. */
final class MetadataAudit {
  private MetadataAudit() {}

  /** Returns the bytes of heap, as {@link HeapCost} estimates them. */
  static long recount(VolumeContext context) {
    long bytes = HeapCost.VOLUME_BYTES + context.inodes.heapBytes() + context.snapshots.heapBytes();
    bytes += context.byRow.heapBytes() + context.directories.names().heapBytes();
    VolumeInode inode = context.inodes.next(0);
    while (inode != null) {
      bytes += of(inode);
      inode = context.inodes.next(inode.fileId() + 1);
    }
    for (Delta delta : context.deltas.all()) {
      bytes += delta.heapBytes();
      for (InodeDifference difference : delta.differences()) {
        bytes += difference.kind() == InodeDifference.Kind.ALONE ? of(difference.inode) : 0;
        bytes += HeapCost.DIFFERENCE_BYTES;
        bytes += difference.attachments() == null ? 0 : HeapCost.of(difference.attachments());
        for (NamedInode entry : difference.entries().values()) {
          bytes += HeapCost.ofKeptEntry(entry == null ? null : entry.name());
        }
      }
    }
    return bytes + context.blocks.figures().heapBytesOfMaps();
  }

  private static long of(VolumeInode inode) {
    long bytes = HeapCost.of(inode) + HeapCost.of(inode.attachments());
    if (inode.isDirectory()) {
      bytes += inode.directory().heapBytesOfCookies();
    }
    return bytes;
  }
}
