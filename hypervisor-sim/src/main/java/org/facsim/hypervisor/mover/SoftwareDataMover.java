/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.mover;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.hypervisor.datastore.DatastoreError;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.InFlightWindow;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.datastore.UnstableTransfer;
import org.facsim.hypervisor.vm.DiskChain;
import org.facsim.hypervisor.vm.Segment;

/**
 * Copies a disk over NFS, as a host does if the array does not clone. It reads the whole disk
 * through its redo logs, and writes what is not zero into a thin destination.
 *
 * <p>NFSv3 does not tell where holes are, so everything is read, even what was never written. Zeros
 * are found in blocks of {@value #ZERO_BLOCK_BYTES} bytes. The bytes of a READ reply go into WRITE
 * calls as slices of the buffer in which they arrived. The thread that delivers the reply does the
 * work between the two. At most {@value #WINDOW} chunks of 1 MiB are under way, which bounds the
 * memory to twice that.
 */
public final class SoftwareDataMover {
  static final int ZERO_BLOCK_BYTES = 4096;
  static final int WINDOW = 16;

  private static final int MAX_CHUNK_BYTES = 1 << 20;

  private final InFlightWindow window = new InFlightWindow(WINDOW);
  private final AtomicLong doneBytes = new AtomicLong();

  /**
   * Copies a disk and returns when the copy is on stable storage.
   *
   * @param destination as large as the disk, all holes
   * @throws DatastoreException the first failure; nothing is in flight any more
   */
  public void copy(DiskChain source, DatastoreFile destination, TransferProgress progress) {
    long capacity = source.capacityBytes();
    int chunkBytes =
        Math.min(
            MAX_CHUNK_BYTES, Math.min(source.flat().maxReadBytes(), destination.maxWriteBytes()));
    doneBytes.set(0);
    TransferProgress monotone = progress.neverBackwards();
    new UnstableTransfer(destination, window)
        .run(
            0,
            capacity,
            (start, end, verifiers) -> {
              doneBytes.set(start);
              for (long at = start; at < end; at += chunkBytes) {
                int length = (int) Math.min(chunkBytes, end - at);
                for (Segment segment : source.resolve(at, length)) {
                  window.enter();
                  move(segment, destination, verifiers);
                }
                monotone.transferred(doneBytes.get(), capacity);
              }
            });
    monotone.transferred(capacity, capacity);
  }

  private void move(
      Segment segment, DatastoreFile destination, UnstableTransfer.Verifiers verifiers) {
    CompletableFuture<ByteBuf> read = segment.read();
    window.track(
        read.thenCompose(
            data -> {
              try {
                return pass(segment, data, destination, verifiers);
              } finally {
                data.release();
              }
            }));
  }

  /**
   * Writes the non-zero blocks of a segment. If the read was short, the rest is read afterwards.
   */
  private CompletableFuture<Void> pass(
      Segment segment,
      ByteBuf data,
      DatastoreFile destination,
      UnstableTransfer.Verifiers verifiers) {
    int count = data.readableBytes();
    if (count == 0) {
      throw new DatastoreException(
          DatastoreError.DAMAGED, segment.place() + " is behind the end of the file");
    }
    List<CompletableFuture<?>> parts = new ArrayList<>(1);
    ByteBuffer view = WordSearch.view(data);
    for (int at = nextNonZeroBlock(view, 0, count); at < count; ) {
      int end = endOfNonZero(view, at, count);
      parts.add(
          destination
              .write(
                  segment.diskOffsetBytes() + at,
                  data.retainedSlice(data.readerIndex() + at, end - at),
                  false)
              .thenAccept(verifiers::note));
      at = nextNonZeroBlock(view, end, count);
    }
    doneBytes.addAndGet(count);
    if (count < segment.lengthBytes()) {
      parts.add(moveRest(segment, count, destination, verifiers));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
  }

  private CompletableFuture<Void> moveRest(
      Segment segment,
      int doneCount,
      DatastoreFile destination,
      UnstableTransfer.Verifiers verifiers) {
    Segment rest = segment.part(doneCount, segment.lengthBytes() - doneCount);
    return rest.read()
        .thenCompose(
            data -> {
              try {
                return pass(rest, data, destination, verifiers);
              } finally {
                data.release();
              }
            });
  }

  /** The start of the first block at or after {@code from} that is not all zeros, or {@code to}. */
  private static int nextNonZeroBlock(ByteBuffer data, int from, int to) {
    int nonZero = WordSearch.firstNonZero(data, from, to);
    return nonZero == to ? to : from + (nonZero - from) / ZERO_BLOCK_BYTES * ZERO_BLOCK_BYTES;
  }

  /** The end of the run of blocks that are not all zeros. */
  private static int endOfNonZero(ByteBuffer data, int from, int to) {
    int at = from;
    while (at < to) {
      int blockEnd = Math.min(to, at + ZERO_BLOCK_BYTES);
      boolean startsNonZero = blockEnd - at >= Long.BYTES && data.getLong(at) != 0;
      if (!startsNonZero && WordSearch.firstNonZero(data, at, blockEnd) == blockEnd) {
        return at;
      }
      at = blockEnd;
    }
    return to;
  }
}
