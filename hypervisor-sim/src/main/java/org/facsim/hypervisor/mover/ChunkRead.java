/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.mover;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.vm.Segment;

/**
 * Reads a chunk of a disk that lies in one or more segments. One segment arrives in the buffer of
 * its READ reply. Several are read at the same time and gathered into one buffer, so that the chunk
 * can be written as one piece.
 */
final class ChunkRead {
  private ChunkRead() {}

  /**
   * Reads all of some segments.
   *
   * @param segments neighbours on the disk, in order
   * @return the receiver releases it; fails with DAMAGED if a file is too short
   */
  static CompletableFuture<ByteBuf> of(List<Segment> segments) {
    int length = segments.stream().mapToInt(Segment::lengthBytes).sum();
    if (segments.size() > 1) {
      return gathered(segments, length);
    }
    Segment only = segments.get(0);
    return only.read()
        .thenCompose(
            data ->
                data.readableBytes() == length
                    ? CompletableFuture.completedFuture(data)
                    : completed(only, data));
  }

  private static CompletableFuture<ByteBuf> gathered(List<Segment> segments, int length) {
    ByteBuf chunk = newChunk(length);
    List<CompletableFuture<?>> reads = new ArrayList<>(segments.size());
    int index = 0;
    for (Segment segment : segments) {
      reads.add(fill(segment, chunk, index));
      index += segment.lengthBytes();
    }
    return whole(chunk, CompletableFuture.allOf(reads.toArray(CompletableFuture[]::new)));
  }

  /** After a short read. */
  private static CompletableFuture<ByteBuf> completed(Segment segment, ByteBuf data) {
    ByteBuf chunk = newChunk(segment.lengthBytes());
    return whole(chunk, copied(segment, data, chunk, 0));
  }

  private static ByteBuf newChunk(int length) {
    return PooledByteBufAllocator.DEFAULT.directBuffer(length, length).writerIndex(length);
  }

  private static CompletableFuture<ByteBuf> whole(ByteBuf chunk, CompletableFuture<?> filled) {
    return filled.handle(
        (nothing, failure) -> {
          if (failure == null) {
            return chunk;
          }
          chunk.release();
          throw failure instanceof RuntimeException known
              ? known
              : new IllegalStateException(failure);
        });
  }

  private static CompletableFuture<Void> fill(Segment segment, ByteBuf chunk, int index) {
    if (segment.isZeros()) {
      chunk.setZero(index, segment.lengthBytes());
      return CompletableFuture.completedFuture(null);
    }
    return segment.read().thenCompose(data -> copied(segment, data, chunk, index));
  }

  /** Takes what was read, and reads the rest. */
  private static CompletableFuture<Void> copied(
      Segment segment, ByteBuf data, ByteBuf chunk, int index) {
    int count = data.readableBytes();
    try {
      if (count == 0 || count > segment.lengthBytes()) {
        throw new DatastoreException(
            DatastoreError.DAMAGED, segment.place() + " is behind the end of the file");
      }
      chunk.setBytes(index, data, data.readerIndex(), count);
    } finally {
      data.release();
    }
    return count == segment.lengthBytes()
        ? CompletableFuture.completedFuture(null)
        : fill(segment.part(count, segment.lengthBytes() - count), chunk, index + count);
  }
}
