/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.InFlightWindow;
import org.facsim.hypervisor.datastore.TransferProgress;

/** Writes the contents of a redo log into its parent when a snapshot is removed. */
final class Consolidation {
  private static final int WINDOW = 16;
  private static final int PIECE_BYTES = 1 << 20;

  private Consolidation() {}

  /** Copies everything in the log to the base. Returns the bytes copied, on stable storage. */
  static long intoFlat(
      RedoLog log, DatastoreFile flat, long capacityBytes, TransferProgress progress) {
    InFlightWindow window = new InFlightWindow(WINDOW);
    long[] copied = {0};
    int piece = Math.min(PIECE_BYTES, Math.min(flat.maxReadBytes(), flat.maxWriteBytes()));
    try {
      log.forEachPresent(
          piece,
          segment -> {
            window.enter();
            copied[0] += segment.lengthBytes();
            progress.transferred(segment.diskOffsetBytes(), capacityBytes);
            window.track(
                segment
                    .read()
                    .thenCompose(
                        data -> flat.write(segment.diskOffsetBytes(), whole(segment, data), true)));
          });
      window.drain();
    } finally {
      window.drainQuietly();
    }
    return copied[0];
  }

  /** Copies everything in the log to a redo log below it. Returns the bytes copied. */
  static long intoRedoLog(
      RedoLog log, RedoLog parent, long capacityBytes, TransferProgress progress) {
    long[] copied = {0};
    log.forEachPresent(
        PIECE_BYTES,
        segment -> {
          copied[0] += segment.lengthBytes();
          progress.transferred(segment.diskOffsetBytes(), capacityBytes);
          if (segment.isZeros() && parent.format().recordsTrim()) {
            // The grains of both logs are the same, so the range is one of whole grains.
            parent.trim(new DiskRange(segment.diskOffsetBytes(), segment.lengthBytes()));
            return;
          }
          ByteBuf data = Unpooled.wrappedBuffer(segment.readFully());
          try {
            parent.write(segment.diskOffsetBytes(), data);
          } finally {
            data.release();
          }
        });
    return copied[0];
  }

  private static ByteBuf whole(Segment segment, ByteBuf data) {
    if (data.readableBytes() != segment.lengthBytes()) {
      int count = data.readableBytes();
      data.release();
      throw new DatastoreException(
          DatastoreError.DAMAGED,
          "%s: %d of %d bytes".formatted(segment.place(), count, segment.lengthBytes()));
    }
    return data;
  }
}
