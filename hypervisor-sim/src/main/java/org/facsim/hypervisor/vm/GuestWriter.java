/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.hypervisor.vm;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import org.facsim.hypervisor.datastore.DatastoreFile;
import org.facsim.hypervisor.datastore.InFlightWindow;
import org.facsim.hypervisor.datastore.TransferProgress;
import org.facsim.hypervisor.datastore.UnstableTransfer;
import org.facsim.hypervisor.guest.DiskContents;
import org.facsim.hypervisor.guest.WriteRun;

/** Writes a guest's data to the datastore, in calls of at most 1 MiB. */
final class GuestWriter {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final int WINDOW = 12;

  /** So little is written at once as a guest of a real host writes: on stable storage. */
  private static final int SMALL_BYTES = 128 << 10;

  private GuestWriter() {}

  /** Writes ranges of a base disk, with many calls in flight, and commits them. */
  static void writeToFlat(
      DatastoreFile flat, DiskContents contents, List<WriteRun> runs, TransferProgress progress) {
    long total = runs.stream().mapToLong(WriteRun::lengthBytes).sum();
    int chunkBytes = Math.min(CHUNK_BYTES, flat.maxWriteBytes());
    if (total <= Math.min(SMALL_BYTES, chunkBytes)) {
      writeLittle(flat, contents, runs);
      progress.transferred(total, total);
      return;
    }
    TransferProgress monotone = progress.neverBackwards();
    InFlightWindow window = new InFlightWindow(WINDOW);
    BlockingQueue<ByteBuf> buffers = new ArrayBlockingQueue<>(WINDOW);
    // In one piece, because huge pages are for large pieces only.
    ByteBuf memory = Unpooled.directBuffer(WINDOW * chunkBytes, WINDOW * chunkBytes);
    for (int i = 0; i < WINDOW; i++) {
      buffers.add(memory.slice(i * chunkBytes, chunkBytes));
    }
    WordFill fill = new WordFill();
    UnstableTransfer transfer = new UnstableTransfer(flat, window);
    try {
      long before = 0;
      for (WriteRun run : runs) {
        long doneBefore = before;
        transfer.run(
            run.offsetBytes(),
            run.endBytes(),
            (start, end, verifiers) -> {
              for (long at = start; at < end; ) {
                long stop = Math.min(end, (at / chunkBytes + 1) * chunkBytes);
                window.enter();
                ByteBuf buffer = buffers.remove();
                fillBuffer(fill, contents, at, (int) (stop - at), buffer);
                window.track(send(flat, at, buffer, buffers, verifiers));
                at = stop;
                monotone.transferred(doneBefore + at - run.offsetBytes(), total);
              }
            });
        before += run.lengthBytes();
      }
    } finally {
      memory.release();
    }
  }

  private static void writeLittle(DatastoreFile flat, DiskContents contents, List<WriteRun> runs) {
    InFlightWindow window = new InFlightWindow(WINDOW);
    WordFill fill = new WordFill();
    try {
      for (WriteRun run : runs) {
        window.enter();
        ByteBuf buffer = Unpooled.buffer((int) run.lengthBytes());
        fillBuffer(fill, contents, run.offsetBytes(), (int) run.lengthBytes(), buffer);
        window.track(flat.write(run.offsetBytes(), buffer, true));
      }
      window.drain();
    } finally {
      window.drainQuietly();
    }
  }

  /** Sends a filled buffer. The buffer may be used again when the future completes. */
  private static CompletableFuture<?> send(
      DatastoreFile flat,
      long offsetBytes,
      ByteBuf buffer,
      BlockingQueue<ByteBuf> buffers,
      UnstableTransfer.Verifiers verifiers) {
    return flat.write(offsetBytes, buffer.retainedDuplicate(), false)
        .thenAccept(verifiers::note)
        .whenComplete((written, failure) -> buffers.add(buffer));
  }

  /** Writes ranges of a disk that has a snapshot, as copy-on-write grains of its redo log. */
  static void writeToRedoLog(
      RedoLog log, DiskContents contents, List<WriteRun> runs, TransferProgress progress) {
    long total = runs.stream().mapToLong(WriteRun::lengthBytes).sum();
    long longest = runs.stream().mapToLong(WriteRun::lengthBytes).max().orElse(0);
    ByteBuf buffer = Unpooled.directBuffer((int) Math.min(CHUNK_BYTES, longest), CHUNK_BYTES);
    WordFill fill = new WordFill();
    try {
      long done = 0;
      for (WriteRun run : runs) {
        for (long at = run.offsetBytes(); at < run.endBytes(); ) {
          long stop = Math.min(run.endBytes(), (at / CHUNK_BYTES + 1) * CHUNK_BYTES);
          fillBuffer(fill, contents, at, (int) (stop - at), buffer);
          log.write(at, buffer);
          done += stop - at;
          at = stop;
          progress.transferred(done, total);
        }
      }
    } finally {
      buffer.release();
    }
  }

  private static void fillBuffer(
      WordFill fill, DiskContents contents, long offsetBytes, int lengthBytes, ByteBuf buffer) {
    fill.fill(contents, offsetBytes, buffer.nioBuffer(0, lengthBytes));
    buffer.setIndex(0, lengthBytes);
  }
}
