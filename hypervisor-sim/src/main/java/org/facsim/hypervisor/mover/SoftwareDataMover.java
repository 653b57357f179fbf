/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.mover;

import com.google.common.collect.Lists;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.facsim.hypervisor.datastore.DatastoreException;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.InFlightWindow;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.datastore.UnstableTransfer;
import org.facsim.hypervisor.vm.DiskChain;
import org.facsim.hypervisor.vm.Segment;

/**
 * Copies disks over NFS, as a host does if the array does not clone. It reads each disk through its
 * redo logs, and writes what is not zero into a thin destination.
 *
 * <p>NFSv3 does not tell where holes are, so everything is read, even what was never written. Only
 * what a redo log knows to be zeros is not read. Zeros are found in blocks of {@value
 * #ZERO_BLOCK_BYTES} bytes. The bytes of a READ reply go into WRITE calls as slices of the buffer
 * in which they arrived. The thread that delivers the reply does the work between the two. At most
 * {@value #WINDOW} chunks of 1 MiB are under way, over all disks, which bounds the memory to twice
 * that.
 */
public final class SoftwareDataMover {
  static final int ZERO_BLOCK_BYTES = 4096;
  static final int WINDOW = 16;

  private static final int MAX_CHUNK_BYTES = 1 << 20;

  /** Bounds the READs of one chunk, which redo logs with small grains could split into 2,048. */
  private static final int MAX_SEGMENTS = 32;

  private final InFlightWindow window = new InFlightWindow(WINDOW);
  private final AtomicLong doneBytes = new AtomicLong();

  /** What becomes of blocks of zeros. */
  public enum Zeros {
    /** They stay holes: the destination is thin. */
    SKIP,
    /**
     * They are written: the destination becomes as large as the disk, as with hosts that punch no
     * holes, and for eagerly zeroed disks whose space the array did not zero.
     */
    WRITE
  }

  /**
   * One disk to be copied.
   *
   * @param source what is read
   * @param destination as large as the disk, all holes
   */
  public record DiskCopy(DiskChain source, DatastoreFile destination, Zeros zeros) {}

  /**
   * Copies a disk into a thin one and returns when the copy is on stable storage.
   *
   * @param destination as large as the disk, all holes
   * @throws DatastoreException the first failure; nothing is in flight any more
   */
  public void copy(DiskChain source, DatastoreFile destination, TransferProgress progress) {
    copy(List.of(new DiskCopy(source, destination, Zeros.SKIP)), progress);
  }

  /**
   * Copies disks, one after the other, and returns when the copies are on stable storage.
   *
   * @param progress is told about all disks together
   * @throws DatastoreException the first failure; nothing is in flight any more
   */
  public void copy(List<DiskCopy> disks, TransferProgress progress) {
    long total = disks.stream().mapToLong(disk -> disk.source().capacityBytes()).sum();
    TransferProgress monotone = progress.neverBackwards();
    long before = 0;
    for (DiskCopy disk : disks) {
      copy(disk, monotone.part(before, total));
      before += disk.source().capacityBytes();
      monotone.transferred(before, total);
    }
  }

  private void copy(DiskCopy disk, TransferProgress progress) {
    DiskChain source = disk.source();
    long capacity = source.capacityBytes();
    int chunkBytes =
        Math.min(
            MAX_CHUNK_BYTES,
            Math.min(source.flat().maxReadBytes(), disk.destination().maxWriteBytes()));
    new UnstableTransfer(disk.destination(), window)
        .run(
            0,
            capacity,
            (start, end, verifiers) -> {
              doneBytes.set(start);
              for (long at = start; at < end; at += chunkBytes) {
                int length = (int) Math.min(chunkBytes, end - at);
                for (List<Segment> part :
                    Lists.partition(source.resolve(at, length), MAX_SEGMENTS)) {
                  move(part, disk, verifiers);
                }
                progress.transferred(doneBytes.get(), capacity);
              }
            });
  }

  /** Moves neighbouring segments as one piece. */
  private void move(List<Segment> segments, DiskCopy disk, UnstableTransfer.Verifiers verifiers) {
    if (disk.zeros() == Zeros.SKIP && segments.stream().allMatch(Segment::isZeros)) {
      segments.forEach(segment -> doneBytes.addAndGet(segment.lengthBytes()));
      return;
    }
    long diskOffset = segments.get(0).diskOffsetBytes();
    window.enter();
    window.track(
        ChunkRead.of(segments)
            .thenCompose(
                data -> {
                  try {
                    return write(diskOffset, data, disk, verifiers);
                  } finally {
                    data.release();
                  }
                }));
  }

  /** Writes the blocks that are not zero, or all. */
  private CompletableFuture<Void> write(
      long diskOffset, ByteBuf data, DiskCopy disk, UnstableTransfer.Verifiers verifiers) {
    int count = data.readableBytes();
    List<CompletableFuture<?>> parts = new ArrayList<>(1);
    ByteBuffer view = WordSearch.view(data);
    boolean all = disk.zeros() == Zeros.WRITE;
    for (int at = all ? 0 : nextNonZeroBlock(view, 0, count); at < count; ) {
      int end = all ? count : endOfNonZero(view, at, count);
      parts.add(
          disk.destination()
              .write(diskOffset + at, data.retainedSlice(data.readerIndex() + at, end - at), false)
              .thenAccept(verifiers::note));
      at = nextNonZeroBlock(view, end, count);
    }
    doneBytes.addAndGet(count);
    return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
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
