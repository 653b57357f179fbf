/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.concurrent.CompletableFuture;
import org.facsim.hypervisor.datastore.DatastoreFile;

/**
 * A stretch of a virtual disk that lies in one piece in one file, or that a redo log knows to be
 * zeros.
 *
 * @param diskOffsetBytes where it starts on the disk
 * @param file the file that holds its bytes, or null if it is zeros
 * @param fileOffsetBytes where it starts in that file; 0 if it is zeros
 * @param lengthBytes how long it is
 */
public record Segment(
    long diskOffsetBytes, DatastoreFile file, long fileOffsetBytes, int lengthBytes) {
  /** Zeros are handed out in pieces of this size at most, as slices of one buffer. */
  private static final ByteBuf ZEROS =
      Unpooled.unreleasableBuffer(Unpooled.directBuffer(1 << 20).writeZero(1 << 20).asReadOnly());

  /** A stretch that a redo log knows to be zeros: nothing has to be read. */
  static Segment zeros(long diskOffsetBytes, int lengthBytes) {
    return new Segment(diskOffsetBytes, null, 0, lengthBytes);
  }

  /** Whether the stretch is known to be zeros. */
  public boolean isZeros() {
    return file == null;
  }

  /** A part of it. */
  public Segment part(int skipBytes, int partBytes) {
    return new Segment(
        diskOffsetBytes + skipBytes, file, isZeros() ? 0 : fileOffsetBytes + skipBytes, partBytes);
  }

  /**
   * Reads from its start, over the wire unless it is zeros; the receiver releases the data.
   *
   * @return at least one byte and at most {@code lengthBytes}; none only if the file ends here
   */
  public CompletableFuture<ByteBuf> read() {
    if (isZeros()) {
      return CompletableFuture.completedFuture(
          ZEROS.retainedSlice(0, Math.min(lengthBytes, ZEROS.capacity())));
    }
    return file.read(fileOffsetBytes, Math.min(lengthBytes, file.maxReadBytes()));
  }

  /** Reads all of it and waits for that. */
  byte[] readFully() {
    return isZeros() ? new byte[lengthBytes] : file.readFully(fileOffsetBytes, lengthBytes);
  }

  /** What messages call it. */
  public String place() {
    return isZeros()
        ? "zeros at %d of the disk".formatted(diskOffsetBytes)
        : "%s at %d".formatted(file.path(), fileOffsetBytes);
  }

  /** Whether {@code next} starts where this segment ends, both on the disk and in the file. */
  boolean isContinuedBy(Segment next) {
    return next.file == file
        && next.diskOffsetBytes == diskOffsetBytes + lengthBytes
        && (isZeros() || next.fileOffsetBytes == fileOffsetBytes + lengthBytes);
  }
}
